import type { AttemptOperations, Kernel, OperationsOf } from "../engine-context.ts";
import { type IdBytes, parseId } from "../ids/invocation-id.ts";
import {
  callDurably,
  type Identity,
  ownIdentity,
  sendDurably,
  type Watch,
} from "../invocations/durable-calls.ts";
import type { EngineOperations } from "../invocations/operations.ts";

/**
 * What a handler of a durable invocation may do. Its calls and sends are durable and known by their place
 * in the attempt, so that a repeated attempt finds those of the first; unless it gives them a key of its own.
 */
export function durableAttemptOperations(kernel: Kernel, operations: () => EngineOperations): OperationsOf {
  return ({ invocationId, seq }): AttemptOperations => {
    const awaited = new Set<{ readonly id: IdBytes }>();
    const watch: Watch = (id) => {
      const wait = { id };
      awaited.add(wait);
      return () => awaited.delete(wait);
    };
    const at = (position: number): Identity => ({
      kind: "position",
      parent: invocationId,
      parentSeq: seq,
      position,
    });
    return {
      ...shared(operations()),
      call: (target, input, options = {}, position) => {
        const identity = ownIdentity(kernel, target, options) ?? at(position);
        return callDurably(kernel, target, input, options, identity, watch);
      },
      send: (target, input, options = {}, position) => {
        const identity = ownIdentity(kernel, target, options) ?? at(position);
        return sendDurably(kernel, target, input, options, identity);
      },
      attach: async (id, options) => {
        const bytes = parseId(id);
        const unwatch = bytes && watch(bytes);
        try {
          return await operations().attach(id, options);
        } finally {
          unwatch?.();
        }
      },
      awaited: () => [...awaited].map(({ id }) => id),
    };
  };
}

/** What a handler of a plain call may do. It runs once, so that nothing needs to be found again. */
export function plainAttemptOperations(operations: EngineOperations): AttemptOperations {
  const { call, send, attach } = operations;
  return {
    ...shared(operations),
    attach,
    call: (target, input, options) => call(target, input, options),
    send: (target, input, options) => send(target, input, options),
    // It never makes room: it has no other attempt.
    awaited: () => [],
  };
}

type Shared = Pick<AttemptOperations, "output" | "lookup" | "get" | "cancel" | "awakeables">;

function shared({ output, lookup, get, cancel, awakeables }: Shared): Shared {
  return { output, lookup, get, cancel, awakeables };
}
