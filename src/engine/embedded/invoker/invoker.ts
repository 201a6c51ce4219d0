import { Code } from "@connectrpc/connect";
import { handlerName, type Kernel, type OperationsOf } from "../engine-context.ts";
import { closing, endingReason, isPassing, suspended } from "../errors.ts";
import { formatId } from "../ids/invocation-id.ts";
import { headersFromText, plainFailure } from "../store/outcome-codec.ts";
import type { Effect, RunEffect } from "../store/protocol.ts";
import { type OpenAttempt, openAttempt, type Waits } from "./attempt.ts";
import { type Attempted, recordFailure, recordOutcome, recordSuspension } from "./report-attempt.ts";
import { type AttemptResult, runHandler } from "./run-handler.ts";

/** Runs the attempts of durable invocations. */
export interface Runner {
  run(effect: RunEffect): void;
  abort(effect: Effect & { readonly kind: "abort" }): void;
  awaken(effect: Effect & { readonly kind: "awaken" }): void;
  /** Starts nothing any more. */
  drain(): void;
  /** Handlers at work that do not wait. */
  working(): number;
  /** Leaves what runs to the next start. */
  abandon(): void;
}

interface Running extends Attempted {
  readonly open: OpenAttempt;
  /** Leaves the queue for a place. Undefined once the handler is at work. */
  withdraw: (() => void) | undefined;
  isPaused: boolean;
  /** How it was ended from outside: then what the handler returns or throws is not its outcome. */
  endedBy: "cancel" | "kill" | "close" | "suspend" | undefined;
  /** What it waited for when it was suspended. */
  waits: Waits | undefined;
}

/** `operationsOf` gives an attempt its calls and sends. */
export function createRunner(kernel: Kernel, operationsOf: OperationsOf): Runner {
  const { slots, link, options, handlers } = kernel;
  const running = new Map<number, Running>();
  /** Those that wait and were not ended, the longest first. */
  const paused = new Set<Running>();
  let isDraining = false;

  /** The place of a handler that waits goes to another one, and the store may hand out one more attempt. */
  const onPause = (entry: Running, isPaused: boolean): void => {
    if (entry.isPaused === isPaused || running.get(entry.seq) !== entry) {
      return;
    }
    entry.isPaused = isPaused;
    if (isPaused) {
      if (entry.endedBy === undefined) {
        paused.add(entry);
      }
      slots.leave();
    } else {
      paused.delete(entry);
      slots.reenter();
    }
    link.post({ op: "credit", change: isPaused ? 1 : -1 });
  };

  /**
   * Handlers that wait hold memory, so there is a limit to them: the one that has waited longest makes room.
   * Nothing can come to a halt by that: what it waits for finds a place, and makes it run again.
   */
  const makeRoom = (): void => {
    const [entry] = running.size > options.maxOpen ? paused : [];
    if (entry !== undefined) {
      paused.delete(entry);
      entry.waits = entry.open.waitsFor();
      entry.endedBy = "suspend";
      // Its waits reject, so that it counts as at work until it is done.
      entry.open.abort(suspended());
    }
  };

  const remove = (entry: Running): boolean => {
    if (running.get(entry.seq) !== entry) {
      return false;
    }
    entry.open.end();
    running.delete(entry.seq);
    if (entry.withdraw === undefined) {
      slots.leave();
    } else {
      entry.withdraw();
    }
    return true;
  };

  const settle = (entry: Running, result: AttemptResult): Promise<void> | undefined => {
    if (!remove(entry)) {
      return undefined;
    }
    if (entry.endedBy === "cancel") {
      return recordOutcome(kernel, entry, plainFailure(Code.Canceled, "canceled"));
    }
    if (entry.endedBy === "suspend" && entry.waits !== undefined) {
      return recordSuspension(kernel, entry, entry.waits);
    }
    return result.kind === "outcome"
      ? recordOutcome(kernel, entry, result.outcome)
      : recordFailure(kernel, entry, result.error);
  };

  const report = (error: unknown): void => {
    // While the engine closes, an attempt is left to the next start.
    if (!isPassing(error)) {
      options.logger.error("an attempt could not be recorded", { error });
    }
  };

  const start = (entry: Running): void => {
    entry.withdraw = undefined;
    const handler = handlers.get(handlerName(entry.target));
    runHandler(handler, entry.open.attempt)
      .then((result) => settle(entry, result))
      .catch(report);
  };

  return {
    run: (effect) => {
      if (isDraining) {
        return;
      }
      const invocationId = formatId(effect.id);
      const target = { service: effect.service, method: effect.method, key: effect.key ?? undefined };
      const number = effect.attempts + 1;
      const open = openAttempt({
        id: effect.id,
        invocationId,
        target,
        input: effect.input,
        headers: headersFromText(effect.headers),
        number,
        operations: operationsOf({ invocationId, seq: effect.seq }),
        onPause: (isPaused) => onPause(entry, isPaused),
      });
      const entry: Running = {
        seq: effect.seq,
        invocationId,
        target,
        number,
        open,
        withdraw: undefined,
        isPaused: false,
        endedBy: undefined,
        waits: undefined,
      };
      running.set(effect.seq, entry);
      makeRoom();
      for (const { position, completion } of effect.awakeables) {
        open.completeAwakeable(position, completion);
      }
      let hasPlace = false;
      const withdraw = slots.enter(() => {
        hasPlace = true;
        start(entry);
      });
      entry.withdraw = hasPlace ? undefined : withdraw;
    },
    abort: ({ seq, mode }) => {
      const entry = running.get(seq);
      if (entry === undefined) {
        return;
      }
      const isWaiting = entry.withdraw !== undefined;
      paused.delete(entry);
      entry.endedBy = mode;
      entry.open.abort(endingReason(mode));
      if (mode === "kill") {
        remove(entry);
      } else if (isWaiting) {
        settle(entry, { kind: "error", error: undefined })?.catch(report);
      }
    },
    awaken: ({ seq, position, completion }) => running.get(seq)?.open.completeAwakeable(position, completion),
    drain: () => {
      isDraining = true;
      for (const { withdraw } of running.values()) {
        withdraw?.();
      }
    },
    working: () =>
      [...running.values()].filter((entry) => entry.withdraw === undefined && !entry.isPaused).length,
    abandon: () => {
      for (const entry of [...running.values()]) {
        entry.endedBy = "close";
        running.delete(entry.seq);
        entry.open.abort(closing());
      }
    },
  };
}
