import { create, type DescMethod } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { callKind } from "../model/call-kind.ts";
import { headerList, headersFrom } from "../model/failure.ts";
import type { PassOn } from "../model/tracing.ts";
import { LazyResponse } from "../transport/lazy-response.ts";
import { exchangeOf } from "../transport/restate/builtins.ts";
import type { ExchangeRequest } from "../transport/restate/call.ts";
import type { SdkContext } from "./sdk-context.ts";
import { sdkIngress } from "./sdk-ingress.ts";

/**
 * The transport behind `ctx.client()`: calls, sends, attach and awakeables are entries of the invocation's
 * journal, and a retried attempt does not repeat them. A `timeoutMs` is a durable timer. A `signal` is ignored
 * while the call runs, because a replay could not repeat the moment it aborts.
 */
export function sdkTransport(sdk: SdkContext, passOn: PassOn | undefined): Transport {
  return {
    async unary(method, signal, timeoutMs, header, message, contextValues) {
      const name = `${method.parent.typeName}/${method.name}`;
      const request: ExchangeRequest = {
        stream: false,
        service: method.parent,
        method,
        requestMethod: "POST",
        url: `restate:///${name}`,
        signal,
        header: passedOn(new Headers(header), method, passOn),
        contextValues: contextValues ?? createContextValues(),
        message: create(method.input, message),
      };
      const ingress = sdkIngress(sdk, timeoutMs);
      const { message: received, metadata } = await exchangeOf(method)(request, ingress, {
        format: "binary",
      });
      const response: UnaryResponse = new LazyResponse(method, received, metadata);
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

/** The headers with the trace context of the invocation, if there is one. */
function passedOn(headers: Headers, method: DescMethod, passOn: PassOn | undefined): Headers {
  return passOn === undefined ? headers : headersFrom(passOn(headerList(headers), callKind(method)));
}
