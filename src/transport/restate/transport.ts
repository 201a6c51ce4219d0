import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import { timerMs } from "../../wire/timer.ts";
import type { AdminApi } from "./admin-api.ts";
import { builtins } from "./builtins.ts";
import { call, type Encoding } from "./call.ts";
import type { HttpClient } from "./http.ts";
import { ingressApi } from "./ingress-api.ts";

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
  return {
    async unary(method, signal, timeoutMs = defaultTimeoutMs, header, message, contextValues) {
      const held = timerMs(timeoutMs);
      return await runUnaryCall({
        interceptors: [...interceptors],
        ...(signal === undefined ? {} : { signal }),
        ...(held === undefined || held <= 0 ? {} : { timeoutMs: held }),
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: `${baseUrl}/${method.parent.typeName}/${method.name}`,
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message,
        },
        next: async (request) => {
          const exchange = builtins.get(`${method.parent.typeName}/${method.name}`) ?? call;
          const answer = await exchange(request, ingress, options);
          // The answer was read with the method's own schema, or made by the built-in of that method.
          return {
            stream: false,
            service: method.parent,
            method,
            trailer: new Headers(),
            ...answer,
          } as UnaryResponse<typeof method.input, typeof method.output>;
        },
      });
    },
    stream(method) {
      const name = `${method.parent.typeName}/${method.name}`;
      return Promise.reject(
        new ConnectError(`${name} streams, and Restate has no streams`, Code.Unimplemented),
      );
    },
  };
}
