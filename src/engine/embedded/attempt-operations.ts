import { callDurably, type Identity, sendDurably } from "./durable.ts";
import type { AttemptOperations, Kernel, OperationsOf } from "./kernel.ts";
import type { EngineOperations } from "./operations.ts";

/**
 * What a handler of a durable invocation may do. Its calls and sends are durable and known by their place
 * in the attempt, so that a repeated attempt finds those of the first; unless it gives them a key of its own.
 */
export function durableAttemptOperations(kernel: Kernel, operations: () => EngineOperations): OperationsOf {
  return ({ invocationId, seq }): AttemptOperations => {
    const at = (position: number): Identity => ({
      kind: "position",
      parent: invocationId,
      parentSeq: seq,
      position,
    });
    return {
      ...shared(operations()),
      call: (target, input, options = {}, position) =>
        options.idempotency === undefined && kernel.kindOf(target) !== "run"
          ? callDurably(kernel, target, input, options, at(position))
          : operations().call(target, input, options),
      send: (target, input, options = {}, position) =>
        options.idempotency === undefined && kernel.kindOf(target) !== "run"
          ? sendDurably(kernel, target, input, options, at(position))
          : operations().send(target, input, options),
    };
  };
}

/** What a handler of a plain call may do. It runs once, so that nothing needs to be found again. */
export function plainAttemptOperations({ call, send, ...others }: EngineOperations): AttemptOperations {
  return {
    ...shared(others),
    call: (target, input, options) => call(target, input, options),
    send: (target, input, options) => send(target, input, options),
  };
}

type Shared = Omit<AttemptOperations, "call" | "send">;

function shared({ attach, output, lookup, get, cancel, awakeables }: Shared): Shared {
  return { attach, output, lookup, get, cancel, awakeables };
}
