import type { DescMethodUnary, Registry } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { RetryOptions } from "../client/retry.ts";
import type { OptionNames } from "../model/known-options.ts";
import type { Format } from "../wire/message-format.ts";

/** Options that every transport has. */
export interface CommonTransportOptions {
  /** URL of the ingress, for example `http://localhost:8080`. A path prefix is kept. */
  readonly baseUrl: string;
  /**
   * Format of messages: Protobuf bytes, or JSON, which a network inspector can read. Default: `binary`.
   *
   * Restate 0.x supports JSON over Connect only: it refuses JSON over gRPC-web, and a gRPC call with JSON never ends
   * there and blocks its object.
   */
  readonly format?: "binary" | "json" | undefined;
  /** Messages that a `google.protobuf.Any` may contain. Needed with `format: "json"` only. Default: none. */
  readonly registry?: Registry | undefined;
  /**
   * Calls methods without side effects (`idempotency_level = NO_SIDE_EFFECTS`) with GET, so that caches can answer.
   * Connect protocol only, and not with Restate 0.x, which ignores the query and runs the method with an empty
   * message. Default: `false`.
   */
  readonly useHttpGet?: boolean | undefined;
  /** Connect interceptors, the first one outermost. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /**
   * Deadline, in ms, of unary calls without a `timeoutMs` of their own. Default: 60,000, because a server may never
   * answer: Restate waits as long as a service is away. `Infinity` for none. By default, streams do not have a deadline,
   * and neither has `attach`, which waits until the handler has ended.
   */
  readonly defaultTimeoutMs?: number | undefined;
  /**
   * Repeats calls and sends that failed on the way, with one idempotency key for all attempts. See `retry()`.
   * Default: `false`.
   */
  readonly retry?: boolean | RetryOptions | undefined;
}

/** Their names. */
export const commonOptionNames: OptionNames<CommonTransportOptions> = {
  baseUrl: 1,
  format: 1,
  registry: 1,
  useHttpGet: 1,
  interceptors: 1,
  defaultTimeoutMs: 1,
  retry: 1,
};

/** The deadline of unary calls where neither the call nor the transport has one, ms. */
const usualTimeoutMs = 60_000;

/** The method that waits for an outcome. By name: a page that does not attach needs no descriptor of it. */
const attach = { service: "restateconnect.v1.Invocations", method: "Attach" };

/** The deadline of a call that gives none, ms. */
export function deadlineOf({ parent, name }: DescMethodUnary, defaultTimeoutMs: number | undefined): number {
  const isAttach = name === attach.method && parent.typeName === attach.service;
  return defaultTimeoutMs ?? (isAttach ? Number.POSITIVE_INFINITY : usualTimeoutMs);
}

/** Options that every protocol needs, checked. */
export interface CheckedOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly format: Format;
  readonly defaultTimeoutMs: number | undefined;
}

/**
 * Checks the options that every protocol needs.
 *
 * @throws Error when baseUrl or format cannot be used.
 */
export function checkedOptions(options: CommonTransportOptions): CheckedOptions {
  return {
    baseUrl: checkedBaseUrl(options.baseUrl),
    format: checkedFormat(options.format),
    defaultTimeoutMs: options.defaultTimeoutMs,
  };
}

/**
 * A base URL without a trailing slash.
 *
 * @throws Error when it is not an absolute http or https URL, or has a query or fragment: methods are added to it
 *   as paths.
 */
export function checkedBaseUrl(baseUrl: string, option = "baseUrl"): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw new Error(
      `createTransport: ${option} ${JSON.stringify(baseUrl)} is not a valid URL: give one such as "http://localhost:8080"`,
      { cause },
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(
      `createTransport: ${option} ${JSON.stringify(baseUrl)} must start with http:// or https://, not ${url.protocol}`,
    );
  }
  const [extra] = /[?#].*/s.exec(baseUrl) ?? [];
  if (extra !== undefined) {
    throw new Error(
      `createTransport: ${option} ${JSON.stringify(baseUrl)} must end with its path, because methods are added to it: leave ${extra} out`,
    );
  }
  return baseUrl.replace(/\/+$/, "");
}

/**
 * Whether messages travel as Protobuf bytes or as JSON.
 *
 * @throws Error when it is neither.
 */
export function checkedFormat(format: CommonTransportOptions["format"] = "binary"): "binary" | "json" {
  return checked("format", format, ["binary", "json"]);
}

/** The option, once it is one of those that there are. @throws Error when it is not. */
export function checked<T extends string>(option: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) {
    return value;
  }
  throw new Error(`createTransport: ${option} ${JSON.stringify(value)} is unknown: use ${oneOf(known)}`);
}

/**
 * Refuses options that protocol "restate" has nothing for.
 *
 * @throws Error that names those which are given.
 */
export function refuseWithRestate(options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).filter((name) => options[name] !== undefined);
  if (given.length > 0) {
    throw new Error(`createTransport: protocol "restate" has no ${given.join(" and no ")}: leave it out`);
  }
}

function oneOf(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

/** The message for a protocol that this transport does not have. */
export function unknownProtocol(protocol: unknown, known: readonly string[], hint: string): Error {
  return new Error(
    `createTransport: protocol ${JSON.stringify(protocol)} is not available here${hint}: use ${oneOf(known)}`,
  );
}
