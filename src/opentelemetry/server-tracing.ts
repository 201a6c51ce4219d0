import { ConnectError } from "@connectrpc/connect";
import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { Awaitable } from "../model/awaitable.ts";
import type {
  PassOn,
  ReadHeader,
  RequestSpan,
  TracedAttempt,
  TracedRequest,
  Tracing,
} from "../model/tracing.ts";
import { readContext, relationHeader, withContext } from "./propagate.ts";
import { isServerFailure, rpcAttributes, setRpcStatus } from "./rpc-attributes.ts";
import { tracerName } from "./tracer-name.ts";

/**
 * The spans of a server: one for each request that comes to an ingress, and one for each attempt of a handler. Pass
 * it to `createIngress` or to `createEndpoint`. The spans go to the OpenTelemetry SDK that the process has registered,
 * and nowhere without one.
 *
 * A call's attempts continue the trace of its caller, and so do the calls of handlers. A one-way invocation may run
 * much later: its attempts begin a trace of their own, with a link to the span that sent it.
 *
 * ```ts
 * createIngress({ services, engine: embedded({ path: "./data" }), tracing: serverTracing() });
 * ```
 */
export function serverTracing(): Tracing {
  const tracer = trace.getTracer(tracerName);
  return {
    startRequest(request) {
      const parent = parentOf(request);
      const { method, url } = request;
      const system = request.protocol === "connect" ? "connectrpc" : "grpc";
      const attributes = rpcAttributes(system, method, url);
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      return requestSpan(span, trace.setSpan(parent, span), system);
    },

    runAttempt(attempt, run) {
      const { parent, sender, kind } = originOf(attempt);
      const { method, invocationId, number } = attempt;
      const attributes = {
        "rpc.method": method,
        "restate.invocation.id": invocationId,
        ...(number === undefined ? {} : { "restate.attempt.number": number }),
      };
      const links = sender === undefined ? [] : [{ context: sender }];
      const span = tracer.startSpan(`attempt ${method}`, { kind, attributes, links }, parent);
      return runIn(span, trace.setSpan(parent, span), attempt, run);
    },

    passOnCallers(header) {
      const callers = readContext(header);
      const isSent = isOneWay(header);
      return (headers, kind) => withContext(callers, headers, isSent ? "send" : kind);
    },
  };
}

/** Whether the process has registered an SDK. Without one, no span is kept, and no context passed on. */
export function isSdkRegistered(): boolean {
  return propagation.fields().length > 0;
}

function requestSpan(span: Span, own: Context, system: "connectrpc" | "grpc"): RequestSpan {
  return {
    traceId: span.spanContext().traceId,
    run: (step) => context.with(own, step),
    passOn: (headers, kind) => withContext(own, headers, kind),
    end(code, invocationId) {
      if (invocationId !== undefined) {
        span.setAttribute("restate.invocation.id", invocationId);
      }
      setRpcStatus(span, system, code, code !== undefined && isServerFailure(code));
      span.end();
    },
  };
}

/** The span of an instrumentation of HTTP, if there is one, else the caller's. */
function parentOf({ header }: TracedRequest): Context {
  const active = context.active();
  const callers = readContext(header);
  const callersTrace = trace.getSpanContext(callers)?.traceId;
  const here = trace.getSpan(active);
  const isOfRequest =
    here?.isRecording() === true &&
    (callersTrace === undefined || callersTrace === here.spanContext().traceId);
  return isOfRequest ? active : callers;
}

/** What the span of an attempt begins with. */
function originOf({ header, engineHeader }: TracedAttempt) {
  const callers = readContext(header);
  const sender = isOneWay(header) ? trace.getSpanContext(callers) : undefined;
  const engines = engineHeader && readContext(engineHeader);
  const hasEngines = engines !== undefined && trace.getSpanContext(engines) !== undefined;
  const own = sender === undefined ? callers : trace.deleteSpan(callers);
  const served = engineHeader === undefined ? SpanKind.INTERNAL : SpanKind.SERVER;
  return {
    parent: hasEngines ? engines : own,
    sender,
    kind: sender === undefined ? served : SpanKind.CONSUMER,
  };
}

function isOneWay(header: ReadHeader): boolean {
  return header(relationHeader) === "link";
}

function runIn<T>(
  span: Span,
  own: Context,
  attempt: TracedAttempt,
  run: (passOn: PassOn) => Awaitable<T>,
): Awaitable<T> {
  // The handler may have begun spans of its own. Without a context manager, none is ever active.
  const passOn: PassOn = (headers, kind) => {
    const active = context.active();
    return withContext(trace.getSpan(active) === undefined ? own : active, headers, kind);
  };
  const succeed = (result: T): T => {
    span.end();
    return result;
  };
  const fail = (reason: unknown): never => {
    setAttemptFailure(span, attempt.failureOf(reason));
    span.end();
    throw reason;
  };
  try {
    const result = context.with(own, () => run(passOn));
    return result instanceof Promise ? result.then(succeed, fail) : succeed(result);
  } catch (reason) {
    return fail(reason);
  }
}

/** A `ConnectError` is the outcome of the invocation. Any other error is a fault of the handler. */
function setAttemptFailure(span: Span, failure: unknown): void {
  if (failure instanceof ConnectError) {
    setRpcStatus(span, "connectrpc", failure.code, isServerFailure(failure.code));
  } else if (failure !== undefined) {
    const error = failure instanceof Error ? failure : new Error(String(failure));
    span.recordException(error);
    span.setAttribute("error.type", error.name);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}
