import { Code } from "@connectrpc/connect";
import type { CancelMode, InvocationInfo } from "../../../model/invocation.ts";
import type { Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { CallResult, EngineCallOptions } from "../../engine.ts";
import { type AttemptOperations, handlerName, type Kernel } from "../engine-context.ts";
import { closing, endingReason, exhausted } from "../errors.ts";
import { formatId, randomId } from "../ids/invocation-id.ts";
import { type OpenAttempt, openAttempt } from "../invoker/attempt.ts";
import { type AttemptResult, attemptFields, internalFailure, runHandler } from "../invoker/run-handler.ts";
import { plainFailure } from "../store/outcome-codec.ts";
import type { StoredCompletion } from "../store/protocol.ts";
import { createPlaces } from "./places.ts";
import type { Turns } from "./turns.ts";

/** Calls without an idempotency key: in memory, run once, answered once. */
export interface PlainCalls {
  call(target: Target, input: Uint8Array, options: EngineCallOptions): Promise<CallResult>;
  /** False when there is no such call. */
  cancel(id: string, mode: CancelMode): boolean;
  /** False when there is no such call. */
  awaken(id: string, position: number, completion: StoredCompletion): boolean;
  get(id: string): InvocationInfo | undefined;
  /** Rejects calls that have not started, but for those of handlers at work. */
  drain(): void;
  /** Calls whose handlers have not ended. */
  open(): number;
  /** Rejects what is open. */
  abandon(): void;
}

interface PlainCall {
  readonly id: string;
  readonly target: Target;
  readonly options: EngineCallOptions;
  readonly createdAt: Date;
  readonly answer: PromiseWithResolvers<Outcome>;
  readonly open: OpenAttempt;
  startedAt: Date | undefined;
  /** Gives place and turn back. */
  release: () => void;
  /** How it was ended from outside: then what the handler returns or throws is not its outcome. */
  endedBy: "cancel" | undefined;
}

/** The plain calls of an engine. */
export function createPlainCalls(
  kernel: Kernel,
  turns: Turns,
  operations: () => AttemptOperations,
): PlainCalls {
  const { options: limits, hash, handlers, waiters } = kernel;
  const places = createPlaces(kernel.slots, turns);
  const calls = new Map<string, PlainCall>();
  /** The inputs of the calls that have not started. */
  let waitingBytes = 0;

  /** The queue that a call waits in. Undefined if it runs concurrently with the others of its key. */
  const laneOf = (target: Target): Target =>
    kernel.kindOf(target) === "exclusive" ? target : { ...target, key: undefined };

  const isFull = (input: Uint8Array): boolean =>
    places.waiting() >= limits.maxQueued ||
    (waitingBytes > 0 && waitingBytes + input.length > limits.maxQueuedBytes);

  const remove = (call: PlainCall): boolean => {
    const isOpen = calls.delete(call.id);
    if (isOpen) {
      waitingBytes -= call.startedAt === undefined ? call.open.attempt.input.length : 0;
      call.open.end();
      call.release();
    }
    return isOpen;
  };

  /** Its handler is done, or will never run. */
  const settle = (call: PlainCall, outcome: Outcome): void => {
    if (remove(call)) {
      call.answer.resolve(outcome);
      waiters.settle(call.id, { outcome, expiresAt: new Date() });
    }
  };

  const outcomeOf = (call: PlainCall, result: AttemptResult): Outcome => {
    if (call.endedBy === "cancel") {
      return plainFailure(Code.Canceled, "canceled");
    }
    if (result.kind === "outcome") {
      return result.outcome;
    }
    if (call.options.signal?.aborted !== true) {
      limits.logger.error("a call failed: plain calls are not retried", {
        ...attemptFields(call.target, call.id, 1),
        error: result.error,
      });
    }
    return internalFailure(call.target, call.id);
  };

  const start = async (call: PlainCall): Promise<void> => {
    waitingBytes -= call.open.attempt.input.length;
    call.startedAt = new Date();
    const result = await runHandler(handlers.get(handlerName(call.target)), call.open.attempt);
    settle(call, outcomeOf(call, result));
  };

  /** The caller has gone: the handler is told, and keeps its place until it ends. */
  const callerGone = (call: PlainCall, reason: unknown): void => {
    call.answer.reject(reason);
    if (call.startedAt === undefined) {
      settle(call, plainFailure(Code.Canceled, "canceled"));
    } else {
      call.open.abort(reason);
    }
  };

  const open = (target: Target, input: Uint8Array, options: EngineCallOptions): PlainCall => {
    const bytes = randomId(target.key, hash);
    const id = formatId(bytes);
    const call: PlainCall = {
      id,
      target,
      options,
      createdAt: new Date(),
      answer: Promise.withResolvers(),
      open: openAttempt({
        id: bytes,
        invocationId: id,
        target,
        input,
        headers: options.headers ?? [],
        number: 1,
        operations: operations(),
        onPause: (isPaused) => (isPaused ? kernel.slots.leave() : kernel.slots.reenter()),
      }),
      startedAt: undefined,
      release: () => undefined,
      endedBy: undefined,
    };
    calls.set(id, call);
    waitingBytes += input.length;
    call.release = places.take(laneOf(target), () => void start(call));
    return call;
  };

  return {
    call: async (target, input, options) => {
      options.signal?.throwIfAborted();
      // A handler's own calls always get in: it has given up its place for them.
      if (
        options.invokedBy === undefined &&
        (calls.size >= limits.maxOpen + limits.maxQueued || (isFull(input) && !places.isFree(laneOf(target))))
      ) {
        throw exhausted("too many calls wait for a place");
      }
      const call = open(target, input, options);
      const onAbort = (): void => callerGone(call, options.signal?.reason);
      options.signal?.addEventListener("abort", onAbort);
      try {
        return { id: call.id, outcome: await call.answer.promise };
      } finally {
        options.signal?.removeEventListener("abort", onAbort);
      }
    },
    cancel: (id, mode) => {
      const call = calls.get(id);
      if (call === undefined) {
        return false;
      }
      call.open.abort(endingReason(mode));
      if (mode === "kill") {
        settle(call, plainFailure(Code.Aborted, "killed"));
      } else if (call.startedAt === undefined) {
        settle(call, plainFailure(Code.Canceled, "canceled"));
      } else {
        call.endedBy = mode;
      }
      return true;
    },
    awaken: (id, position, completion) => {
      const call = calls.get(id);
      call?.open.completeAwakeable(position, completion);
      return call !== undefined;
    },
    get: (id) => {
      const call = calls.get(id);
      return call && infoOf(call);
    },
    drain: () => {
      for (const call of [...calls.values()]) {
        if (call.startedAt === undefined && call.options.invokedBy === undefined) {
          remove(call);
          call.answer.reject(closing());
        }
      }
    },
    open: () => calls.size,
    abandon: () => {
      for (const call of calls.values()) {
        call.answer.reject(closing());
        call.open.abort(closing());
      }
      calls.clear();
    },
  };
}

function infoOf({ id, target, startedAt, createdAt, options: { invokedBy } }: PlainCall): InvocationInfo {
  return {
    id,
    target,
    state: startedAt === undefined ? "pending" : "running",
    attempts: startedAt === undefined ? 0 : 1,
    createdAt,
    modifiedAt: startedAt ?? createdAt,
    ...(invokedBy === undefined ? undefined : { invokedBy }),
  };
}
