import type { Accepted, EngineSendOptions, Operations } from "../engine/engine.ts";
import type { Target } from "../model/target.ts";

/** A send that the engine has answered. */
export interface SentTarget {
  readonly target: Target;
  readonly input: Uint8Array;
  readonly options: EngineSendOptions;
  readonly accepted: Accepted;
}

/** The same operations. `onSend` gets each send that was accepted, after the engine and before the sender. */
export function withSends<T extends Operations>(
  operations: T,
  onSend: (sent: SentTarget) => void,
): Operations {
  return {
    ...delegated(operations),
    async send(target, input, options = {}) {
      const accepted = await operations.send(target, input, options);
      onSend({ target, input, options, accepted });
      return accepted;
    },
  };
}

/** The same operations. `count` gets 1 when a caller begins to wait for an outcome, and -1 when the wait ends. */
export function withWaits(operations: Operations, count: (change: 1 | -1) => void): Operations {
  const waiting = async <T>(outcome: Promise<T>): Promise<T> => {
    count(1);
    try {
      return await outcome;
    } finally {
      count(-1);
    }
  };
  return {
    ...delegated(operations),
    call: (...parameters) => waiting(operations.call(...parameters)),
    attach: (...parameters) => waiting(operations.attach(...parameters)),
  };
}

/** An engine and an attempt are objects of classes, whose methods a spread would leave behind. */
function delegated(operations: Operations): Operations {
  return {
    call: (...parameters) => operations.call(...parameters),
    send: (...parameters) => operations.send(...parameters),
    attach: (...parameters) => operations.attach(...parameters),
    output: (...parameters) => operations.output(...parameters),
    lookup: (...parameters) => operations.lookup(...parameters),
    get: (...parameters) => operations.get(...parameters),
    cancel: (...parameters) => operations.cancel(...parameters),
    awakeables: operations.awakeables,
  };
}
