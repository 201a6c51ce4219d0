import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import type { Operations } from "../engine/engine.ts";
import { timerMs } from "../http/timer.ts";
import { callKind } from "../model/call-kind.ts";
import { headerList, headersFrom } from "../model/failure.ts";
import type { PassOn } from "../model/tracing.ts";
import { isRequestMetadata } from "../wire/protocol-headers.ts";
import { unlimitedMemory } from "./memory.ts";
import type { FindRoute } from "./routes.ts";

/**
 * A transport to the routes of this process, on behalf of the owner of these operations: the transport of the
 * typed clients from `ctx.client()`. `passOn` puts the span of the owner into the headers.
 */
export function localTransport(find: FindRoute, operations: Operations, passOn?: PassOn): Transport {
  return {
    unary: (method, signal, timeoutMs, header, message, contextValues) => {
      const held = timerMs(timeoutMs);
      const path = `/${method.parent.typeName}/${method.name}`;
      return runUnaryCall({
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: `local:${path}`,
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message,
        },
        ...(signal === undefined ? {} : { signal }),
        ...(held === undefined ? {} : { timeoutMs: held }),
        next: async (request) => {
          const route = find(path);
          if (route instanceof ConnectError) {
            throw route;
          }
          if (route.kind !== "unary") {
            throw notUnary(path);
          }
          const given = headerList(request.header).filter(([name]) => isRequestMetadata(name));
          const metadata = passOn?.(given, callKind(method)) ?? given;
          const reply = await route.handle({
            httpMethod: request.requestMethod,
            url: request.url,
            format: "binary",
            message: toBinary(method.input, request.message),
            header: (name) => request.header.get(name),
            metadata,
            memory: unlimitedMemory, // handlers are trusted
            operations,
            isGuarded: false, // handlers are trusted
            admit: () => ({ metadata }),
            signal: request.signal,
          });
          return {
            stream: false,
            service: method.parent,
            method,
            header: headersFrom(reply.headers),
            trailer: headersFrom(reply.trailers),
            message: fromBinary(method.output, reply.message),
          };
        },
      });
    },
    stream: async (method) => {
      throw notUnary(`/${method.parent.typeName}/${method.name}`);
    },
  };
}

function notUnary(path: string): ConnectError {
  return new ConnectError(`${path} is streaming: handlers make unary calls only`, Code.Unimplemented);
}
