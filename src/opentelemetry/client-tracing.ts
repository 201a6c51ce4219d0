import { ConnectError, type Interceptor } from "@connectrpc/connect";
import { context, type Span, SpanKind, trace } from "@opentelemetry/api";
import { callKind } from "../model/call-kind.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { contextHeaders } from "./propagate.ts";
import { rpcAttributes, setRpcStatus } from "./rpc-attributes.ts";
import { tracerName } from "./tracer-name.ts";

/**
 * A Connect interceptor for clients, in browsers and in Node: a span for each call, and its context in the headers
 * of the request (`traceparent`, `tracestate`). It works with any Connect transport. The span is a child of the active
 * one; it goes to the OpenTelemetry SDK that the application has registered, and nowhere without one.
 *
 * ```ts
 * const transport = createTransport({ baseUrl: "http://localhost:8080", interceptors: [clientTracing()] });
 * ```
 */
export function clientTracing(): Interceptor {
  const tracer = trace.getTracer(tracerName);
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const system = isGrpc(request.header) ? "grpc" : "connectrpc";
    const attributes = rpcAttributes(system, method, request.url);
    const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes });
    const end = (reason?: unknown): void => {
      const error = reason === undefined ? undefined : ConnectError.from(reason);
      if (error !== undefined) {
        noteInvocation(span, error.metadata);
      }
      setRpcStatus(span, system, error?.code, error !== undefined);
      span.end();
    };
    const active = trace.setSpan(context.active(), span);
    for (const [name, value] of contextHeaders(active, callKind(request.method))) {
      request.header.set(name, value);
    }
    try {
      const response = await context.with(active, () => next(request));
      if (response.stream) {
        return { ...response, message: untilEnd(response.message, end) };
      }
      noteInvocation(span, response.header);
      end();
      return response;
    } catch (reason) {
      end(reason);
      throw reason;
    }
  };
}

function isGrpc(header: Headers): boolean {
  return header.get("content-type")?.startsWith("application/grpc") ?? false;
}

function noteInvocation(span: Span, header: Headers): void {
  const id = header.get(restateHeaders.invocationId);
  if (id !== null) {
    span.setAttribute("restate.invocation.id", id);
  }
}

/** The messages of a stream, and then the end of its span. */
async function* untilEnd<T>(messages: AsyncIterable<T>, end: (reason?: unknown) => void): AsyncGenerator<T> {
  let failure: unknown;
  try {
    yield* messages;
  } catch (reason) {
    failure = reason;
    throw reason;
  } finally {
    end(failure);
  }
}
