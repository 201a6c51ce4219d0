import { Code, ConnectError } from "@connectrpc/connect";
import type { InvocationInfo } from "../../../model/invocation.ts";
import type { Outcome } from "../../../model/outcome.ts";
import type { IdempotentTarget, Target, WorkflowRun } from "../../../model/target.ts";
import type { InvocationPage, InvocationQuery, OutcomeOptions, ReserveOutcome } from "../../engine.ts";
import { type Caller, type EngineContext, type EngineOperations, needsLock } from "../engine-context.ts";
import { deadlock, malformedId, notCompleted, refusalError } from "../errors.ts";
import { parseAwakeableId } from "../ids/awakeable-id.ts";
import { formatId, type IdBytes, parseId } from "../ids/invocation-id.ts";
import { encodeRejection, encodeValue } from "../store/outcome-codec.ts";
import type { Command, StoredCompletion, StoreResponse } from "../store/protocol.ts";
import { deadlockMessage } from "../store/refusals.ts";
import { callDurably, sendDurably } from "./durable-calls.ts";
import { engineStatistics } from "./engine-statistics.ts";
import { idOf, ownIdentity } from "./identity.ts";
import { type FindAwaited, inspectInvocation, plainDetails } from "./inspect.ts";
import { countsFrom, infoFrom, listQuery } from "./invocation-info.ts";
import { requireKeyLength } from "./limits.ts";
import { expectKind, loadOutcome, reserveFor } from "./load-outcome.ts";
import type { MemoryCalls } from "./memory-calls.ts";

/** How long a page is filled up, ms, while few invocations match. */
const scanMs = 250;

/** The operations over plain calls and the store. `findAwaited` asks the invoker. */
export function createOperations(
  context: EngineContext,
  memoryCalls: MemoryCalls,
  findAwaited: FindAwaited,
): EngineOperations {
  const operations: EngineOperations = {
    async call(target, input, options = {}) {
      requireKeyLength(target.key);
      refuseDeadlock(context, target, options.caller);
      const identity = ownIdentity(context, target, options);
      return identity === undefined
        ? memoryCalls.call(operations, target, input, options)
        : callDurably(context, target, input, options, identity);
    },
    send: (target, input, options = {}) =>
      sendDurably(context, target, input, options, ownIdentity(context, target, options) ?? { kind: "new" }),
    attach: (id, options = {}) => attach(context, memoryCalls, id, options),
    output: async (id, { reserve } = {}) => loadIfCompleted(context, memoryCalls, id, requireId(id), reserve),
    lookup: async (which) => formatId(lookUp(context, which)),
    get: (id) => getInvocation(context, memoryCalls, id),
    inspect: async (id) => {
      const bytes = requireId(id);
      const plain = memoryCalls.get(id);
      return plain === undefined ? inspectInvocation(context, findAwaited, bytes) : plainDetails(plain);
    },
    list: (query) => listInvocations(context, query),
    statistics: () => engineStatistics(context, memoryCalls),
    checkWritable: () => checkWritable(context),
    count: async () => countsFrom(expectKind(await context.store.request({ op: "count" }), "counts")),
    async cancel(id, mode) {
      const bytes = requireId(id);
      const isPlain = memoryCalls.cancel(id, mode);
      const response = await context.store.request({ op: "terminate", id: bytes, mode });
      // The store does not know a plain call, but the durable ones that its handler waits for.
      if (!isPlain) {
        refuseIfRefused(response, id);
      }
    },
    async purge(id) {
      const bytes = requireId(id);
      if (memoryCalls.has(id)) {
        throw notCompleted(id);
      }
      await requestOf(context, { op: "purge", id: bytes }, id);
    },
    awakeables: {
      resolve: (id, value) => completeAwakeable(context, memoryCalls, id, encodeValue(value)),
      reject: (id, reason) => completeAwakeable(context, memoryCalls, id, encodeRejection(reason)),
    },
  };
  return operations;
}

/** Writes to the store: only that shows that it can be written. */
async function checkWritable({ store }: EngineContext): Promise<void> {
  const response = await store.request({ op: "probe" });
  if (response.kind === "refused") {
    throw refusalError(response.reason, response.message, "");
  }
}

async function attach(
  context: EngineContext,
  memoryCalls: MemoryCalls,
  id: string,
  { signal, reserve }: OutcomeOptions,
): Promise<Outcome> {
  const bytes = requireId(id);
  signal?.throwIfAborted();
  const waiter = context.outcomeWaiters.add(id);
  try {
    const outcome = await loadIfCompleted(context, memoryCalls, id, bytes, reserve);
    return outcome ?? (await reserveFor((await waiter.wait(signal)).outcome, reserve));
  } finally {
    waiter.remove();
  }
}

async function loadIfCompleted(
  context: EngineContext,
  memoryCalls: MemoryCalls,
  id: string,
  bytes: IdBytes,
  reserve: ReserveOutcome | undefined,
): Promise<Outcome | undefined> {
  return memoryCalls.has(id) ? undefined : (await loadOutcome(context, bytes, reserve))?.outcome;
}

function lookUp(context: EngineContext, which: WorkflowRun | IdempotentTarget): IdBytes {
  if ("idempotencyKey" in which) {
    requireKeyLength(which.key);
    return idOf(context, which, { kind: "key", key: which.idempotencyKey, scope: which.scope });
  }
  const { service, id } = which;
  requireKeyLength(id);
  const method = context.workflowMethods.get(service);
  if (method === undefined) {
    throw new ConnectError(`there is no workflow ${service}`, Code.NotFound);
  }
  return idOf(context, { service, method, key: id }, { kind: "workflow" });
}

async function getInvocation(
  { store }: EngineContext,
  memoryCalls: MemoryCalls,
  id: string,
): Promise<InvocationInfo | undefined> {
  const bytes = requireId(id);
  const plain = memoryCalls.get(id);
  if (plain !== undefined) {
    return plain;
  }
  const response = await store.request({ op: "get", id: bytes });
  return response.kind === "refused" ? undefined : infoFrom(expectKind(response, "record").record);
}

async function listInvocations(
  { store, clock }: EngineContext,
  query: InvocationQuery,
): Promise<InvocationPage> {
  const { pageSize, pageToken, states } = query;
  requirePageSize(pageSize);
  const now = clock.now();
  const begun = performance.now();
  const invocations: InvocationInfo[] = [];
  let behind = pageToken === undefined ? null : seqFromToken(pageToken);
  const invokedBy = query.invokedBy === undefined ? null : requireId(query.invokedBy);
  let isCut = false;
  do {
    const stored = listQuery(query, invokedBy, behind, pageSize - invocations.length, now);
    const page = expectKind(await store.request({ op: "list", query: stored }), "page");
    invocations.push(...page.records.map(infoFrom).filter(({ state }) => states?.includes(state) ?? true));
    behind = page.nextBehindSeq;
    isCut = page.isCut;
  } while (behind !== null && invocations.length < pageSize && !isCut && performance.now() - begun < scanMs);
  return { invocations, nextPageToken: behind === null ? undefined : String(behind) };
}

async function completeAwakeable(
  context: EngineContext,
  memoryCalls: MemoryCalls,
  id: string,
  completion: StoredCompletion,
): Promise<void> {
  const key = parseAwakeableId(id);
  if ("problem" in key) {
    throw malformedId("awakeable", id, key.problem);
  }
  const { invocation, index } = key;
  if (!memoryCalls.completeAwakeable(formatId(invocation), index, completion, id)) {
    await requestOf(context, { op: "complete-awakeable", id: invocation, index, completion }, id);
  }
}

/** @throws ConnectError `failed_precondition` if one of the callers holds the lock that the call would wait for. */
function refuseDeadlock(context: EngineContext, target: Target, caller: Caller | undefined): void {
  if (caller === undefined || !needsLock(context, target)) {
    return;
  }
  for (let each: Caller | undefined = caller; each !== undefined; each = each.caller) {
    const { service, key } = each.target;
    if (service === target.service && key === target.key && needsLock(context, each.target)) {
      throw deadlock(deadlockMessage(target, each.target));
    }
  }
}

async function requestOf({ store }: EngineContext, command: Command, id: string): Promise<void> {
  refuseIfRefused(await store.request(command), id);
}

function refuseIfRefused(response: StoreResponse, id: string): void {
  if (response.kind === "refused") {
    throw refusalError(response.reason, response.message, id);
  }
}

/** A page token is the end of the page before. */
function seqFromToken(token: string): number {
  const seq = Number(token);
  if (token === "" || !Number.isSafeInteger(seq)) {
    throw new ConnectError(
      `${JSON.stringify(token.slice(0, 100))} is not a page token of this server`,
      Code.InvalidArgument,
    );
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
