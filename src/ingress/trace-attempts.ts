import { Code, ConnectError } from "@connectrpc/connect";
import type { Attempt, Handler, ServiceHandlers } from "../engine/engine.ts";
import type { PassOn, Tracing } from "../model/tracing.ts";

/** The spans of the attempts of handlers. */
export interface AttemptTracing {
  /** Runs each attempt of these handlers in a span. */
  trace(service: ServiceHandlers): ServiceHandlers;
  /** Puts the span of a running attempt into the headers of what its handler calls and sends. */
  passOnOf(attempt: Attempt): PassOn | undefined;
}

/** Makes a span of each attempt. Without `tracing` the handlers stay as they are. */
export function attemptTracing(tracing: Tracing | undefined): AttemptTracing {
  if (tracing === undefined) {
    return { trace: (service) => service, passOnOf: () => undefined };
  }
  const running = new WeakMap<Attempt, PassOn>();
  const traced =
    (method: string, handler: Handler): Handler =>
    (attempt) => {
      const headers = new Map(attempt.headers);
      const { invocationId, number } = attempt;
      return tracing.runAttempt(
        {
          method,
          invocationId,
          number,
          header: (name) => headers.get(name),
          failureOf: (reason) => failureOf(attempt, reason),
        },
        (passOn) => {
          running.set(attempt, passOn);
          return handler(attempt);
        },
      );
    };
  return {
    trace: ({ methods, ...service }) => ({
      ...service,
      methods: new Map(
        [...methods].map(([name, handler]) => [name, traced(`${service.name}/${name}`, handler)]),
      ),
    }),
    passOnOf: (attempt) => running.get(attempt),
  };
}

/** What the engine ends an attempt with is its failure, unless the engine has it make room or closes: it runs again. */
function failureOf({ signal }: Attempt, reason: unknown): unknown {
  if (!signal.aborted) {
    return reason;
  }
  return signal.reason instanceof ConnectError && signal.reason.code === Code.Unavailable
    ? undefined
    : signal.reason;
}
