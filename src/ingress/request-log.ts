import type { DescMethod } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import type { LogFields, Logger } from "../model/logger.ts";
import { traceIdOf } from "../model/trace-id.ts";
import { nameOfCode } from "../wire/codes.ts";
import type { HttpRequest } from "./http/exchange.ts";
import { headerOf } from "./http/headers.ts";
import { requestTarget } from "./http/request-target.ts";
import type { ProtocolName } from "./protocol/protocol.ts";

/** An RPC that has its response, or whose caller has gone. */
export interface EndedRequest extends RequestFields {
  readonly protocol: ProtocolName;
  /** Undefined: it succeeded. */
  readonly code: Code | undefined;
  readonly durationMs: number;
  /** Undefined: it is not known. */
  readonly requestBytes: number | undefined;
  /** Undefined if it got no response. */
  readonly responseBytes: number | undefined;
  readonly invocation: string | undefined;
}

/** The fields by which a log entry names a request. Neither headers nor a query: they may hold secrets. */
export interface RequestFields extends LogFields {
  /** The name of the method, or the path that was asked for. */
  readonly method: string;
  /** Of the request's span, or of the caller's. */
  readonly traceId: string | undefined;
}

/** Whether a logger wants a line for each request. */
export function wantsRequests(logger: Logger): boolean {
  return logger.isDebugEnabled?.() ?? true;
}

/** Logs an RPC. */
export function logRequest(logger: Logger, request: EndedRequest): void {
  const { method, protocol, code, durationMs, ...others } = request;
  logger.debug("request", {
    method,
    protocol,
    code: code === undefined ? "ok" : nameOfCode(code),
    durationMs: Number(durationMs.toFixed(3)),
    ...others,
  });
}

/** Names a request. `method` is undefined if the server does not have the method. */
export function requestFields(
  http: HttpRequest,
  method: DescMethod | undefined,
  traceId: string | undefined,
): RequestFields {
  return {
    method:
      method === undefined
        ? requestTarget(http.url).path.slice(0, 200)
        : `${method.parent.typeName}/${method.name}`,
    traceId: traceId ?? traceIdOf(headerOf(http.headers, "traceparent")),
  };
}

/** The size of a request's body, bytes, if it says so. */
export function contentLength({ headers }: HttpRequest): number | undefined {
  const length = headerOf(headers, "content-length");
  return length === undefined ? undefined : Number(length);
}
