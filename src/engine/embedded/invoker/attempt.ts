import { type AbortNotice, abortSignalOf } from "../../../model/abort-notice.ts";
import type { HeaderList } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { Attempt } from "../../engine.ts";
import type { AttemptOperations } from "../engine-context.ts";
import { formatAwakeableId } from "../ids/awakeable-id.ts";
import type { IdBytes } from "../ids/invocation-id.ts";
import type { StoredCompletion } from "../store/protocol.ts";
import { createAwakeables } from "./attempt-awakeables.ts";

/** An attempt as its handler sees it, and the strings that the engine pulls. */
export interface OpenAttempt {
  readonly attempt: Attempt;
  abort(reason: unknown): void;
  /** What its handler waits for. */
  waitsFor(): Waits;
  completeAwakeable(position: number, completion: StoredCompletion): void;
  /** The handler is done: what it left unawaited no longer counts as waiting. */
  end(): void;
}

/** What can let a handler that waits go on. */
export interface Waits {
  readonly invocations: readonly IdBytes[];
  /** Positions. */
  readonly awakeables: readonly number[];
}

export interface AttemptOptions {
  readonly id: IdBytes;
  readonly invocationId: string;
  readonly target: Target;
  readonly input: Uint8Array;
  readonly headers: HeaderList;
  readonly number: number;
  readonly operations: AttemptOperations;
  /** Told when the handler begins to wait for the engine, and when it goes on. */
  readonly onPause: (isPaused: boolean) => void;
}

/** One attempt of an invocation. */
export function openAttempt(options: AttemptOptions): OpenAttempt {
  const { invocationId, target, input, headers, number, operations, onPause } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const positions = new Map<string, number>();
  let waits = 0;
  let hasEnded = false;

  /** While a handler waits for the engine, another may have its place. */
  const waitFor = <T>(promise: Promise<T>): Promise<T> => {
    waits += 1;
    if (waits === 1 && !hasEnded) {
      onPause(true);
    }
    return promise.finally(() => {
      waits -= 1;
      if (waits === 0 && !hasEnded) {
        onPause(false);
      }
    });
  };
  const awakeables = createAwakeables((value) => void waitFor(value).catch(() => undefined));

  const nextPosition = (to: Target): number => {
    const name = JSON.stringify([to.service, to.method, to.key ?? null]);
    const position = positions.get(name) ?? 0;
    positions.set(name, position + 1);
    return position;
  };
  const withSignal = (other: AbortNotice | undefined): AbortSignal =>
    other === undefined ? signal : AbortSignal.any([signal, abortSignalOf(other)]);

  const attempt: Attempt = {
    invocationId,
    target,
    input,
    headers,
    number,
    signal,
    call: (to, request, own = {}) =>
      waitFor(
        operations.call(
          to,
          request,
          { ...own, invokedBy: invocationId, signal: withSignal(own.signal) },
          nextPosition(to),
        ),
      ),
    send: async (to, request, own = {}) => {
      const position = nextPosition(to);
      signal.throwIfAborted();
      return operations.send(to, request, { ...own, invokedBy: invocationId }, position);
    },
    attach: (id, own = {}) => waitFor(operations.attach(id, { ...own, signal: withSignal(own.signal) })),
    output: operations.output,
    lookup: operations.lookup,
    get: operations.get,
    cancel: operations.cancel,
    awakeables: operations.awakeables,
    awakeable: () => {
      const { position, value } = awakeables.next();
      return { id: formatAwakeableId({ invocation: options.id, position }), value };
    },
  };

  return {
    attempt,
    abort: (reason) => {
      controller.abort(reason);
      awakeables.abandon(reason);
    },
    waitsFor: () => ({ invocations: operations.awaited(), awakeables: awakeables.open() }),
    completeAwakeable: awakeables.complete,
    end: () => {
      hasEnded = true;
      if (waits > 0) {
        onPause(false);
      }
    },
  };
}
