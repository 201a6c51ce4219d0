import { type DescMethodUnary, type Registry, toJson } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createTransport } from "restate-connect/web";
import { send } from "../../client/send.ts";
import { unary } from "../../client/unary.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { objectKeyHeaders } from "../../wire/object-key.ts";
import type { Server } from "../server.ts";
import { sendToken } from "../token.ts";
import {
  hasKeyBeside,
  milliseconds,
  requestHeaders,
  requestMessage,
  type TryForm,
  type TryProtocol,
} from "./try-request.ts";

/** The end of a request. */
export interface TryResult {
  /** Undefined: it succeeded. */
  readonly error?: ConnectError;
  /** The response as JSON; "" after an error. */
  readonly text: string;
  /** Undefined: there was no HTTP response. */
  readonly status: number | undefined;
  readonly headers: readonly (readonly [string, string])[];
  readonly trailers: readonly (readonly [string, string])[];
  /** From the request to the end of the response, ms. */
  readonly durationMs: number;
  /** The size of the response body, bytes. */
  readonly bytes: number;
  readonly invocationId: string | undefined;
}

/** Calls or sends what the form says. Resolves for errors too. */
export async function runRequest(
  method: DescMethodUnary,
  form: TryForm,
  { ingressUrl, registry }: Pick<Server, "ingressUrl" | "registry">,
  signal: AbortSignal,
): Promise<TryResult> {
  const seen: { response?: Response; bytes: number; trailers: [string, string][] } = {
    bytes: 0,
    trailers: [],
  };
  const transport = createTransport({
    ...wire(form.protocol),
    baseUrl: ingressUrl,
    registry,
    interceptors: [sendToken],
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      seen.response = response;
      seen.bytes = (await response.clone().arrayBuffer()).byteLength;
      return response;
    },
  });
  const begun = performance.now();
  const end = (result: Pick<TryResult, "error" | "text">, id: string | null | undefined): TryResult => ({
    ...result,
    status: seen.response?.status,
    headers: [...(seen.response?.headers ?? [])],
    trailers: seen.trailers,
    durationMs: performance.now() - begun,
    bytes: seen.bytes,
    invocationId: id ?? seen.response?.headers.get(restateHeaders.invocationId) ?? undefined,
  });
  try {
    const message = requestMessage(method, form.json, registry);
    const timeoutMs = milliseconds("The deadline", form.deadline);
    const options = {
      headers: requestHeaders(form.headers).map(([name, value]): [string, string] => [name, value]),
      signal,
      onTrailer: (trailer: Headers) => {
        seen.trailers = [...trailer];
      },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(form.idempotencyKey === "" ? {} : { idempotencyKey: form.idempotencyKey }),
    };
    const key = hasKeyBeside(method) ? form.key : undefined;
    if (form.mode === "send") {
      const delay = milliseconds("The delay", form.delay) ?? 0;
      const prepared = key === undefined ? { message } : { message, key };
      const { id } = await send(transport, method, prepared, { ...options, delay });
      return end({ text: JSON.stringify({ id }, undefined, 2) }, id);
    }
    const answer = await unary(transport, method, message, options, objectKeyHeaders(key));
    return end({ text: asJson(method, answer.message, registry) }, undefined);
  } catch (reason) {
    const error = ConnectError.from(reason);
    const known = new Set([...(seen.response?.headers.keys() ?? [])]);
    seen.trailers = [...error.metadata].filter(([name]) => !known.has(name));
    return end({ error, text: "" }, error.metadata.get(restateHeaders.invocationId));
  }
}

function wire(protocol: TryProtocol) {
  switch (protocol) {
    case "connect-json":
      return { protocol: "connect", format: "json" } as const;
    case "connect":
      return { protocol: "connect", format: "binary" } as const;
    case "grpc-web":
      return { protocol: "grpc-web", format: "binary" } as const;
  }
}

function asJson(
  { output }: DescMethodUnary,
  message: Parameters<typeof toJson>[1],
  registry: Registry,
): string {
  return JSON.stringify(toJson(output, message, { registry, alwaysEmitImplicit: true }), undefined, 2);
}
