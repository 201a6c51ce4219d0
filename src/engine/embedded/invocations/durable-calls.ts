import type { Idempotency } from "../../../model/invocation.ts";
import type { HeaderList } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { Accepted, CallResult, EngineCallOptions, EngineSendOptions } from "../../engine.ts";
import { type EngineContext, handlerKindOf } from "../engine-context.ts";
import { alreadyInvoked, maxMessageBytes, messageTooLarge, refusalError } from "../errors.ts";
import { formatId, type IdBytes, parseId } from "../ids/invocation-id.ts";
import { encodeHeaders, ownBytes } from "../store/outcome-codec.ts";
import type { AcceptCommand, StoreResponse } from "../store/protocol.ts";
import { momentAfter } from "../time.ts";
import { type Identity, idOf } from "./identity.ts";
import { requireDelay, requireKeyLength, requireRetention } from "./limits.ts";
import { expectKind, loadOutcome, reserveFor } from "./load-outcome.ts";

/** Sends an invocation to the store. Resolves once it is on disk. */
export async function sendDurably(
  context: EngineContext,
  target: Target,
  input: Uint8Array,
  options: EngineSendOptions,
  identity: Identity,
): Promise<Accepted> {
  requireKeyLength(target.key);
  const id = idOf(context, target, identity);
  const text = formatId(id);
  const due = dueTime(context, options.delayMs);
  const command = acceptCommand(context, target, input, options, { identity, id, due, isAwaited: false });
  const { isDuplicate, executeAt } = await accept(context, command, text);
  return {
    id: text,
    duplicate: isDuplicate,
    executeAt: executeAt === null ? undefined : new Date(executeAt),
  };
}

/**
 * Sends an invocation to the store, or joins the one with its identity, and waits for the outcome. `onWait` receives
 * the id that is waited for, and returns the function that ends the wait.
 */
export async function callDurably(
  context: EngineContext,
  target: Target,
  input: Uint8Array,
  options: EngineCallOptions,
  identity: Identity,
  onWait?: (id: IdBytes) => () => void,
): Promise<CallResult> {
  const { signal, invokedBy, reserve } = options;
  signal?.throwIfAborted();
  requireKeyLength(target.key);
  const id = idOf(context, target, identity);
  const text = formatId(id);
  const waiter = context.outcomeWaiters.add(text);
  const endWait = onWait?.(id);
  try {
    const isAwaited = invokedBy !== undefined;
    const command = acceptCommand(context, target, input, options, { identity, id, due: null, isAwaited });
    const { isDuplicate, isCompleted } = await accept(context, command, text);
    if (isDuplicate && identity.kind === "workflow" && !isAwaited) {
      throw alreadyInvoked();
    }
    const stored = isCompleted ? await loadOutcome(context, id, reserve) : undefined;
    if (stored !== undefined) {
      return { id: text, outcome: stored.outcome, expiresAt: stored.expiresAt };
    }
    const { outcome, expiresAt } = await waiter.wait(signal);
    return { id: text, outcome: await reserveFor(outcome, reserve), expiresAt };
  } finally {
    endWait?.();
    waiter.remove();
  }
}

function dueTime({ options, clock }: EngineContext, delayMs: number | undefined): number | null {
  const delay = requireDelay(delayMs, options.maxDelayMs);
  return delay > 0 ? momentAfter(clock.now(), delay) : null;
}

function acceptCommand(
  context: EngineContext,
  target: Target,
  input: Uint8Array,
  options: EngineSendOptions,
  { identity, ...own }: Pick<AcceptCommand, "id" | "due" | "isAwaited"> & { readonly identity: Identity },
): AcceptCommand {
  const { headers = [], idempotency, invokedBy } = options;
  return {
    op: "accept",
    ...own,
    isDerived: identity.kind !== "new",
    acceptsAnyInput: identity.kind === "call-index" || identity.kind === "workflow",
    service: target.service,
    method: target.method,
    key: target.key ?? null,
    isShared: handlerKindOf(context, target) !== "exclusive",
    headers: encodeHeaders(storedHeaders(context, headers)),
    input: ownBytes(input),
    retentionMs: retentionOf(context, idempotency),
    invokedBy: invokedBy === undefined ? null : (parseId(invokedBy) ?? null),
  };
}

/** The headers without the credentials that they may hold: they would stay readable on disk. */
function storedHeaders({ options }: EngineContext, headers: HeaderList): HeaderList {
  const { redactedHeaders } = options;
  return headers.some(([name]) => redactedHeaders.has(name))
    ? headers.filter(([name]) => !redactedHeaders.has(name))
    : headers;
}

/** Null: the engine's. */
function retentionOf({ options }: EngineContext, idempotency: Idempotency | undefined): number | null {
  const { retentionMs } = idempotency ?? {};
  return retentionMs === undefined ? null : requireRetention(retentionMs, options.maxRetentionMs);
}

async function accept(
  { store }: EngineContext,
  command: AcceptCommand,
  id: string,
): Promise<StoreResponse & { readonly kind: "accepted" }> {
  if (command.input.length > maxMessageBytes) {
    throw messageTooLarge(`request of ${command.input.length} bytes`);
  }
  const response = await store.request(command);
  if (response.kind === "refused") {
    throw refusalError(response.reason, response.message, id);
  }
  return expectKind(response, "accepted");
}
