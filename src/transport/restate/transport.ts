import { create, type DescMethodUnary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { callLimit } from "../../http/call-limit.ts";
import type { HttpClient } from "../../http/http.ts";
import { perDescriptor } from "../../model/per-descriptor.ts";
import type { AdminApi } from "../../restate-api/admin-api.ts";
import { ingressApi } from "../../restate-api/ingress-api.ts";
import { callerHeaders } from "../../wire/caller-headers.ts";
import { LazyResponse } from "../lazy-response.ts";
import { deadlineOf } from "../options.ts";
import { failureOf, intercept } from "../unary/intercept.ts";
import { exchangeOf, isOneRequest } from "./builtins.ts";
import type { Encoding, ExchangeRequest } from "./call.ts";

export interface RestateTransportOptions extends Encoding {
  readonly baseUrl: string;
  readonly interceptors: readonly Interceptor[];
  /** Deadline of calls without a deadline of their own, ms. */
  readonly defaultTimeoutMs: number | undefined;
}

/**
 * A Connect transport that speaks the HTTP ingress of Restate 1.x itself. Sends, awakeables and attach,
 * which are services on our own ingress, become the paths that Restate has for them. It cancels through `admin`.
 */
export function restateTransport(
  options: RestateTransportOptions,
  http: HttpClient,
  admin?: AdminApi,
): Transport {
  const { baseUrl, interceptors, defaultTimeoutMs } = options;
  const ingress = ingressApi(baseUrl, http, admin);
  const urlOf = perDescriptor(({ parent, name }: DescMethodUnary) => `${baseUrl}/${parent.typeName}/${name}`);
  const answer = async (request: ExchangeRequest) => {
    const { message, metadata } = await exchangeOf(request.method)(request, ingress, options);
    return new LazyResponse(request.method, message, metadata);
  };

  return {
    async unary(
      method,
      signal,
      timeoutMs = deadlineOf(method, defaultTimeoutMs),
      header,
      message,
      contextValues,
    ) {
      const wait = { signal, limit: callLimit(timeoutMs) };
      const request = {
        stream: false,
        service: method.parent,
        method,
        requestMethod: "POST",
        url: urlOf(method),
        header: new Headers(callerHeaders(header)),
        contextValues: contextValues ?? createContextValues(),
        message: create(method.input, message),
      } as const;
      // Without interceptors, one HTTP request needs no signal besides: it ends in time by itself.
      const response: Promise<UnaryResponse> =
        interceptors.length === 0 && isOneRequest(method)
          ? answer({ ...request, ...wait }).catch((reason: unknown) => {
              throw failureOf(reason, signal);
            })
          : intercept(interceptors, request, wait, answer);
      // The message was decoded with the method's own schema.
      return (await response) as UnaryResponse<typeof method.input, typeof method.output>;
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
