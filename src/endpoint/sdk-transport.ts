import { create } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Transport,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import { builtins } from "../transport/restate/builtins.ts";
import { call } from "../transport/restate/call.ts";
import type { SdkContext } from "./context.ts";
import { sdkIngress } from "./sdk-ingress.ts";

/**
 * The transport behind `ctx.client()`: calls, sends, attach and awakeables are entries of the invocation's
 * journal, and a retried attempt repeats none of them. A `timeoutMs` is a durable timer. A `signal` is not
 * looked at while the call runs: when it aborts is nothing that a replay could repeat.
 */
export function sdkTransport(sdk: SdkContext): Transport {
  return {
    async unary(method, signal, timeoutMs, header, message, contextValues) {
      const name = `${method.parent.typeName}/${method.name}`;
      const request: UnaryRequest = {
        stream: false,
        service: method.parent,
        method,
        requestMethod: "POST",
        url: `restate:///${name}`,
        signal: signal ?? new AbortController().signal,
        header: new Headers(header),
        contextValues: contextValues ?? createContextValues(),
        message: create(method.input, message),
      };
      const exchange = builtins.get(name) ?? call;
      const answer = await exchange(request, sdkIngress(sdk, timeoutMs), { format: "binary" });
      // The answer was read with the method's own schema, or made by the built-in of that method.
      return {
        stream: false,
        service: method.parent,
        method,
        trailer: new Headers(),
        ...answer,
      } as UnaryResponse<typeof method.input, typeof method.output>;
    },
    stream(method) {
      const name = `${method.parent.typeName}/${method.name}`;
      return Promise.reject(
        new ConnectError(`${name} streams, and Restate has no streams`, Code.Unimplemented),
      );
    },
  };
}
