import { Code, ConnectError } from "@connectrpc/connect";
import type { AwakeableValue, InvocationInfo } from "../../../model/invocation.ts";
import type { Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { CallResult, Engine, EngineCallOptions, OutcomeOptions, ReserveOutcome } from "../../engine.ts";
import type { Kernel } from "../engine-context.ts";
import { malformedId, refused } from "../errors.ts";
import { parseAwakeableId } from "../ids/awakeable-id.ts";
import { formatId, type IdBytes, parseId } from "../ids/invocation-id.ts";
import { storedRejection, storedValue } from "../store/outcome-codec.ts";
import type { StoredCompletion } from "../store/protocol.ts";
import { callDurably, identify, ownIdentity, sendDurably } from "./durable-calls.ts";
import { countsFrom, infoFrom, listQuery } from "./invocation-info.ts";
import { expectKind, loadOutcome, reserveFor } from "./load-outcome.ts";
import type { PlainCalls } from "./memory-calls.ts";

/** The operations of a started engine, for all callers. */
export type EngineOperations = Omit<Engine, "name" | "start" | "close">;

/** The operations over plain calls and the store. */
export function createOperations(kernel: Kernel, plain: PlainCalls): EngineOperations {
  const { link, waiters } = kernel;

  const call = (target: Target, input: Uint8Array, options: EngineCallOptions = {}): Promise<CallResult> => {
    const identity = ownIdentity(kernel, target, options);
    return identity === undefined
      ? plain.call(target, input, options)
      : callDurably(kernel, target, input, options, identity);
  };

  const attach = async (id: string, { signal, reserve }: OutcomeOptions = {}): Promise<Outcome> => {
    const bytes = requireId(id);
    signal?.throwIfAborted();
    const waiter = waiters.add(id);
    try {
      const outcome = await outcomeSoFar(id, bytes, reserve);
      return outcome ?? (await reserveFor((await waiter.wait(signal)).outcome, reserve));
    } finally {
      waiter.remove();
    }
  };

  const outcomeSoFar = async (
    id: string,
    bytes: IdBytes,
    reserve?: ReserveOutcome,
  ): Promise<Outcome | undefined> => {
    if (plain.get(id) !== undefined) {
      return undefined;
    }
    return (await loadOutcome(kernel, bytes, reserve))?.outcome;
  };

  const get = async (id: string): Promise<InvocationInfo | undefined> => {
    const bytes = requireId(id);
    const running = plain.get(id);
    if (running !== undefined) {
      return running;
    }
    const answer = await link.request({ op: "get", id: bytes });
    return answer.kind === "refused" ? undefined : infoFrom(expectKind(answer, "record").record);
  };

  const awaken = async (id: string, completion: StoredCompletion): Promise<void> => {
    const key = parseAwakeableId(id);
    if ("problem" in key) {
      throw malformedId("awakeable", id, key.problem);
    }
    if (plain.awaken(formatId(key.invocation), key.position, completion)) {
      return;
    }
    const answer = await link.request({
      op: "awaken",
      id: key.invocation,
      position: key.position,
      completion,
    });
    if (answer.kind === "refused") {
      throw refused(answer.reason, answer.message, id);
    }
  };

  return {
    call,
    send: (target, input, options = {}) =>
      sendDurably(kernel, target, input, options, ownIdentity(kernel, target, options) ?? { kind: "new" }),
    attach,
    output: async (id, { reserve } = {}) => outcomeSoFar(id, requireId(id), reserve),
    lookup: async (which) => {
      if ("idempotencyKey" in which) {
        return formatId(
          identify(kernel, which, { kind: "key", key: which.idempotencyKey, scope: which.scope }),
        );
      }
      const { service, id } = which;
      const method = kernel.runOf(service);
      if (method === undefined) {
        throw new ConnectError(`there is no workflow ${service}`, Code.NotFound);
      }
      return formatId(identify(kernel, { service, method, key: id }, { kind: "workflow" }));
    },
    get,
    list: async (query) => {
      requirePageSize(query.pageSize);
      const now = Date.now();
      const found: InvocationInfo[] = [];
      let before = query.pageToken === undefined ? null : seqFromToken(query.pageToken);
      do {
        const stored = listQuery(query, before, query.pageSize - found.length, now);
        const { records, nextBeforeSeq } = expectKind(
          await link.request({ op: "list", query: stored }),
          "page",
        );
        found.push(...records.map(infoFrom).filter(({ state }) => query.states?.includes(state) ?? true));
        before = nextBeforeSeq;
      } while (before !== null && found.length < query.pageSize);
      return { invocations: found, ...(before === null ? undefined : { nextPageToken: String(before) }) };
    },
    count: async () => countsFrom(expectKind(await link.request({ op: "count" }), "counts")),
    cancel: async (id, mode) => {
      const bytes = requireId(id);
      if (plain.cancel(id, mode)) {
        // The store does not know the call, but the durable ones that its handler waits for.
        await link.request({ op: "end", id: bytes, mode });
        return;
      }
      const answer = await link.request({ op: "end", id: bytes, mode });
      if (answer.kind === "refused") {
        throw refused(answer.reason, answer.message, id);
      }
    },
    purge: async (id) => {
      const bytes = requireId(id);
      if (plain.get(id) !== undefined) {
        throw refused("not-ended", "has not ended: cancel or kill it first", id);
      }
      const answer = await link.request({ op: "purge", id: bytes });
      if (answer.kind === "refused") {
        throw refused(answer.reason, answer.message, id);
      }
    },
    awakeables: {
      resolve: (id: string, value: AwakeableValue) => awaken(id, storedValue(value)),
      reject: (id: string, reason: string) => awaken(id, storedRejection(reason)),
    },
  };
}

/** A page token is where the page before it ended. */
function seqFromToken(token: string): number {
  const seq = Number(token);
  if (token === "" || !Number.isSafeInteger(seq)) {
    throw new ConnectError(`"${token}" is not a page token of this server`, Code.InvalidArgument);
  }
  return seq;
}

function requirePageSize(pageSize: number): void {
  if (!Number.isSafeInteger(pageSize) || pageSize < 1) {
    throw new ConnectError(`a page cannot have ${pageSize} invocations`, Code.InvalidArgument);
  }
}

function requireId(id: string): IdBytes {
  const bytes = parseId(id);
  if (bytes === undefined) {
    throw malformedId("invocation", id, "it must be inv_1 and 33 letters or digits");
  }
  return bytes;
}
