// With exactOptionalPropertyTypes, an option that a variable may lack can be given only where `undefined` is
// allowed. The project's tsc compiles this file; nothing runs it.
import type { CallOptions, RetryOptions, SendOptions, SubmitOptions } from "restate-connect";
import type { EndpointOptions, ListenOptions } from "restate-connect/endpoint";
import type { EmbeddedOptions, RestateOptions } from "restate-connect/engine";
import type {
  IngressOptions,
  LimitOptions,
  ListenAddress,
  RemoteOptions,
  TlsOptions,
} from "restate-connect/ingress";
import type { JsonCallOptions, JsonClientOptions, JsonSendOptions } from "restate-connect/json";
import type { NodeTransportOptions } from "restate-connect/node";
import type { WebTransportOptions } from "restate-connect/web";

/** These options, where each one that may be left out may be undefined. */
type Maybe<T> = T extends unknown
  ? { [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] }
  : never;
declare function takes<T>(options: T): void;
declare const any: <T>() => Maybe<T>;

/** The options that are ours: Connect's own allow none. */
type Own<T> = Pick<T, Extract<keyof T, "idempotencyKey" | "delay">>;

export function optionsOfCallers(): void {
  takes<Own<CallOptions>>(any<Own<CallOptions>>());
  takes<Own<SendOptions>>(any<Own<SendOptions>>());
  takes<Own<SubmitOptions>>(any<Own<SubmitOptions>>());
  takes<RetryOptions>(any<RetryOptions>());
  takes<WebTransportOptions>(any<WebTransportOptions>());
  takes<NodeTransportOptions>(any<NodeTransportOptions>());
  takes<JsonClientOptions>(any<JsonClientOptions>());
  takes<JsonCallOptions>(any<JsonCallOptions>());
  takes<JsonSendOptions>(any<JsonSendOptions>());
}

export function optionsOfServers(): void {
  takes<IngressOptions>(any<IngressOptions>());
  takes<LimitOptions>(any<LimitOptions>());
  takes<ListenAddress>(any<ListenAddress>());
  takes<TlsOptions>(any<TlsOptions>());
  takes<EmbeddedOptions>(any<EmbeddedOptions>());
  takes<NonNullable<EmbeddedOptions["retry"]>>(any<NonNullable<EmbeddedOptions["retry"]>>());
  takes<RestateOptions>(any<RestateOptions>());
  takes<RemoteOptions>(any<RemoteOptions>());
  takes<EndpointOptions>(any<EndpointOptions>());
  takes<ListenOptions>(any<ListenOptions>());
}
