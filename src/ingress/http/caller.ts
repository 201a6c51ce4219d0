import { Code, ConnectError } from "@connectrpc/connect";
import { startTimer } from "../../http/timer.ts";
import type { NodeResponse } from "./node.ts";

/** Somebody who waits for a response. */
export interface Caller {
  /** Aborts when the caller's interest ends, with the reason. */
  readonly signal: AbortSignal;
  /** Sets the deadline, ms from now. Undefined: none. */
  expire(timeoutMs: number | undefined): void;
  /** Ends the watch. */
  release(): void;
}

/**
 * Watches the caller of a request. `ended` is called when its interest ends: with `canceled` when the caller
 * has gone, with `deadline_exceeded` at its deadline.
 */
export function watchCaller(response: NodeResponse, ended: (reason: ConnectError) => void): Caller {
  const controller = new AbortController();
  let timer: ReturnType<typeof startTimer>;

  function end(reason: ConnectError): void {
    controller.abort(reason);
    ended(reason);
  }
  function onClose(): void {
    end(new ConnectError("the caller has gone", Code.Canceled));
  }
  function onDeadline(): void {
    end(new ConnectError("the operation timed out", Code.DeadlineExceeded));
  }
  response.once("close", onClose);

  return {
    signal: controller.signal,
    expire(timeoutMs) {
      if (timeoutMs !== undefined && timeoutMs <= 0) {
        onDeadline(); // a timer would let a fast handler run and answer
      } else {
        timer = startTimer(timeoutMs, onDeadline);
      }
    },
    release() {
      clearTimeout(timer);
      response.off("close", onClose);
    },
  };
}
