import { Code, ConnectError } from "@connectrpc/connect";
import { startTimer } from "../../wire/timer.ts";
import type { NodeResponse } from "./node.ts";

/** Watches for the end of a caller's interest. */
export interface Caller {
  /** Aborts with a `ConnectError`: `canceled` when the caller has gone, `deadline_exceeded` at its deadline. */
  readonly signal: AbortSignal;
  /** Sets the deadline, ms from now. Undefined: none. */
  expire(timeoutMs: number | undefined): void;
  /** Resolves as the promise does, unless the signal aborts first. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Ends the watch. */
  release(): void;
}

/** Watches the caller of a request. */
export function watchCaller(response: NodeResponse): Caller {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: NodeJS.Timeout | undefined;

  function onClose(): void {
    controller.abort(new ConnectError("the caller has gone", Code.Canceled));
  }
  function onDeadline(): void {
    controller.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
  }
  response.once("close", onClose);

  return {
    signal,
    expire(timeoutMs) {
      if (timeoutMs !== undefined && timeoutMs <= 0) {
        onDeadline(); // a timer would let a fast handler run and answer
      } else {
        timer = startTimer(timeoutMs, onDeadline);
      }
    },
    wait: (promise) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
        if (signal.aborted) {
          onAbort();
        }
      }),
    release() {
      clearTimeout(timer);
      response.off("close", onClose);
    },
  };
}
