import { Code, ConnectError } from "@connectrpc/connect";
import type { AwakeableValue } from "../../../model/invocation.ts";
import type { StoredCompletion } from "../store/protocol.ts";

/** The awakeables of one attempt, by position. */
export interface AttemptAwakeables {
  /** The value of the next one. */
  next(): { readonly position: number; readonly value: Promise<AwakeableValue> };
  /** The first completion wins, also before the handler asks. */
  complete(position: number, completion: StoredCompletion): void;
  /** The positions whose values are waited for. One stays until its value has been seen, completed or not. */
  open(): readonly number[];
  /** Rejects what is open, and what is asked for from now on. */
  abandon(reason: unknown): void;
}

/** `onWait` is called with each value that is not there yet. */
export function createAwakeables(onWait: (value: Promise<AwakeableValue>) => void): AttemptAwakeables {
  const values = new Map<number, PromiseWithResolvers<AwakeableValue>>();
  const completed = new Set<number>();
  const awaited = new Set<number>();
  let asked = 0;
  let abandoned: { readonly reason: unknown } | undefined;
  const at = (position: number): PromiseWithResolvers<AwakeableValue> => {
    let value = values.get(position);
    if (value === undefined) {
      value = Promise.withResolvers();
      // A handler may never look at it.
      value.promise.catch(() => undefined);
      values.set(position, value);
    }
    return value;
  };
  return {
    next: () => {
      const position = asked;
      asked += 1;
      const { promise, reject } = at(position);
      if (abandoned !== undefined) {
        reject(abandoned.reason);
      } else if (!completed.has(position)) {
        awaited.add(position);
        const seen = (): void => void awaited.delete(position);
        promise.then(seen, seen);
        onWait(promise);
      }
      return { position, value: promise };
    },
    complete: (position, { kind, body }) => {
      completed.add(position);
      if (kind === "rejected") {
        // The code with which Restate rejects.
        at(position).reject(new ConnectError(new TextDecoder().decode(body), Code.Unknown));
      } else {
        at(position).resolve({ format: kind, bytes: body });
      }
    },
    open: () => [...awaited],
    abandon: (reason) => {
      abandoned = { reason };
      for (const value of values.values()) {
        value.reject(reason);
      }
    },
  };
}
