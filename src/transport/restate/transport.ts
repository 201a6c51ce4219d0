import { create, type DescMethodUnary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import type { HttpClient, TimeLimit } from "../../http/http.ts";
import { timerMs } from "../../http/timer.ts";
import { perDescriptor } from "../../model/per-descriptor.ts";
import type { AdminApi } from "../../restate-api/admin-api.ts";
import { ingressApi } from "../../restate-api/ingress-api.ts";
import { exchangeOf, isOneRequest } from "./builtins.ts";
import type { Encoding, ExchangeRequest } from "./call.ts";
import { unaryResponse } from "./unary-response.ts";

/** The deadline of a call that has none of its own, ms: Restate itself waits for a dead service for ever. */
const defaultDeadlineMs = 60_000;

export interface RestateTransportOptions extends Encoding {
  readonly baseUrl: string;
  readonly interceptors: readonly Interceptor[];
  /** Default: a minute. */
  readonly defaultTimeoutMs?: number | undefined;
}

/**
 * A Connect transport that speaks the HTTP ingress of Restate 1.x itself. Sends, awakeables and attach,
 * which are services on our own ingress, become the paths that Restate has for them. It cancels through `admin`.
 */
export function createRestateTransport(
  options: RestateTransportOptions,
  http: HttpClient,
  admin?: AdminApi,
): Transport {
  const { baseUrl, interceptors, defaultTimeoutMs = defaultDeadlineMs } = options;
  const ingress = ingressApi(baseUrl, http, admin);
  const urlOf = perDescriptor(({ parent, name }: DescMethodUnary) => `${baseUrl}/${parent.typeName}/${name}`);
  const answer = async (request: ExchangeRequest) =>
    unaryResponse(request.method, await exchangeOf(request.method)(request, ingress, options));

  return {
    async unary(method, signal, timeoutMs = defaultTimeoutMs, header, message, contextValues) {
      const held = timerMs(timeoutMs);
      const hasDeadline = held !== undefined && held > 0;
      const request = {
        stream: false,
        service: method.parent,
        method,
        requestMethod: "POST",
        url: urlOf(method),
        header: new Headers(header),
        contextValues: contextValues ?? createContextValues(),
        message: create(method.input, message),
      } as const;
      const response =
        interceptors.length === 0 && isOneRequest(method)
          ? await direct({ ...request, signal, limit: hasDeadline ? deadline(held) : undefined }, answer)
          : await runUnaryCall({
              interceptors: [...interceptors],
              ...(signal === undefined ? {} : { signal }),
              ...(hasDeadline ? { timeoutMs: held } : {}),
              req: request,
              next: answer,
            });
      return response as UnaryResponse<typeof method.input, typeof method.output>;
    },
    stream(method) {
      const name = `${method.parent.typeName}/${method.name}`;
      return Promise.reject(
        new ConnectError(
          `${name} is a streaming method, and Restate does not support streaming`,
          Code.Unimplemented,
        ),
      );
    },
  };
}

/** Nobody looks at the request on its way: no signal is needed to end it, for its one HTTP request ends in time. */
async function direct(
  request: ExchangeRequest,
  answer: (request: ExchangeRequest) => Promise<UnaryResponse>,
): Promise<UnaryResponse> {
  try {
    return await answer(request);
  } catch (reason) {
    throw request.signal?.aborted
      ? ConnectError.from(request.signal.reason, Code.Canceled)
      : ConnectError.from(reason);
  }
}

function deadline(ms: number): TimeLimit {
  return { ms, error: () => new ConnectError("the operation timed out", Code.DeadlineExceeded) };
}
