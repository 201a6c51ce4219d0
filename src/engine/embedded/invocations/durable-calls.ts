import { Code, ConnectError } from "@connectrpc/connect";
import type { Idempotency } from "../../../model/invocation.ts";
import type { Target } from "../../../model/target.ts";
import type { Accepted, CallResult, EngineCallOptions, EngineSendOptions } from "../../engine.ts";
import type { Kernel } from "../engine-context.ts";
import { alreadyInvoked, maxMessageBytes, messageTooLarge, refused } from "../errors.ts";
import { derivedId, formatId, type IdBytes, parseId, randomId, workflowRunId } from "../ids/invocation-id.ts";
import { headersText, ownBytes } from "../store/outcome-codec.ts";
import type { AcceptCommand, Answer } from "../store/protocol.ts";
import { endOfTime, momentAfter } from "../time.ts";
import { expectKind, loadOutcome, reserveFor } from "./load-outcome.ts";

/** What makes two calls or sends one invocation. */
export type Identity =
  /** Nothing does. */
  | { readonly kind: "new" }
  /** The caller's key; it stands for one input. */
  | { readonly kind: "key"; readonly key: string; readonly scope: string | undefined }
  /** The id of a workflow, which runs once; the first one's input holds. */
  | { readonly kind: "workflow" }
  /** The place in the attempts of an invocation; the first attempt's input holds. */
  | {
      readonly kind: "position";
      readonly parent: string;
      /** The parent's in the store: its id may be that of an idempotency key, which comes to be used again. */
      readonly parentSeq: number;
      readonly position: number;
    };

/** Takes an invocation into the store. Resolves once it is on disk. */
export async function sendDurably(
  kernel: Kernel,
  target: Target,
  input: Uint8Array,
  options: EngineSendOptions,
  identity: Identity,
): Promise<Accepted> {
  const id = identify(kernel, target, identity);
  const text = formatId(id);
  const due = dueTime(options.delayMs ?? 0);
  const command = acceptCommand(kernel, target, input, options, { identity, id, due, awaited: false });
  const answer = await accept(kernel, command, text);
  return {
    id: text,
    duplicate: answer.duplicate,
    ...(answer.executeAt === null ? undefined : { executeAt: new Date(answer.executeAt) }),
  };
}

/** Told of an invocation that is waited for; gives the way to say that it is waited for no more. */
export type Watch = (id: IdBytes) => () => void;

/** Takes an invocation into the store, or joins the one that is there, and waits for its outcome. */
export async function callDurably(
  kernel: Kernel,
  target: Target,
  input: Uint8Array,
  options: EngineCallOptions,
  identity: Identity,
  watch?: Watch,
): Promise<CallResult> {
  options.signal?.throwIfAborted();
  const id = identify(kernel, target, identity);
  const text = formatId(id);
  const waiter = kernel.waiters.add(text);
  const unwatch = watch?.(id);
  try {
    const command = acceptCommand(kernel, target, input, options, {
      identity,
      id,
      due: null,
      awaited: options.invokedBy !== undefined,
    });
    const answer = await accept(kernel, command, text);
    if (answer.duplicate && identity.kind === "workflow" && options.invokedBy === undefined) {
      throw alreadyInvoked();
    }
    const stored = answer.hasEnded ? await loadOutcome(kernel, id, options.reserve) : undefined;
    const ended = stored ?? (await waiter.wait(options.signal));
    const outcome = stored === undefined ? await reserveFor(ended.outcome, options.reserve) : ended.outcome;
    return { id: text, outcome, expiresAt: ended.expiresAt };
  } finally {
    unwatch?.();
    waiter.remove();
  }
}

/** Who makes a call or a send twice: by the workflow that it runs, or by the caller's key. Undefined: nobody. */
export function ownIdentity(
  kernel: Kernel,
  target: Target,
  { idempotency }: EngineSendOptions,
): Identity | undefined {
  if (kernel.kindOf(target) === "run") {
    return { kind: "workflow" };
  }
  return idempotency && { kind: "key", key: idempotency.key, scope: idempotency.scope };
}

function dueTime(delayMs: number): number | null {
  if (Number.isNaN(delayMs)) {
    throw new ConnectError("the delay must be a number of milliseconds", Code.InvalidArgument);
  }
  return delayMs > 0 ? momentAfter(Date.now(), delayMs) : null;
}

/** Null: the engine's. */
function retentionOf(idempotency: Idempotency | undefined): number | null {
  if (idempotency?.retentionMs === undefined) {
    return null;
  }
  const { retentionMs } = idempotency;
  if (!(retentionMs >= 0)) {
    throw new ConnectError(
      `the retention of the idempotency key is ${retentionMs}: give milliseconds, 0 or more`,
      Code.InvalidArgument,
    );
  }
  return Math.min(Math.round(retentionMs), endOfTime);
}

/** The id of the invocation that is meant: a new one, or always the same. */
export function identify({ hash }: Kernel, target: Target, identity: Identity): IdBytes {
  switch (identity.kind) {
    case "new":
      return randomId(target.key, hash);
    case "key":
      return derivedId(
        target,
        identity.scope === undefined ? ["key", identity.key] : ["scoped", identity.scope, identity.key],
        hash,
      );
    case "workflow":
      return workflowRunId(target, hash);
    case "position": {
      const { parent, parentSeq, position } = identity;
      return derivedId(target, ["position", parent, String(parentSeq), String(position)], hash);
    }
  }
}

function acceptCommand(
  { kindOf }: Kernel,
  target: Target,
  input: Uint8Array,
  { headers = [], idempotency, invokedBy }: EngineSendOptions,
  { identity, ...own }: Pick<AcceptCommand, "id" | "due" | "awaited"> & { readonly identity: Identity },
): AcceptCommand {
  return {
    op: "accept",
    ...own,
    derived: identity.kind !== "new",
    anyInput: identity.kind === "position" || identity.kind === "workflow",
    service: target.service,
    method: target.method,
    key: target.key ?? null,
    shared: kindOf(target) !== "exclusive",
    headers: headersText(headers),
    input: ownBytes(input),
    retentionMs: retentionOf(idempotency),
    invokedBy: invokedBy === undefined ? null : (parseId(invokedBy) ?? null),
  };
}

async function accept(
  { link }: Kernel,
  command: AcceptCommand,
  id: string,
): Promise<Answer & { readonly kind: "accepted" }> {
  if (command.input.length > maxMessageBytes) {
    throw messageTooLarge(`request of ${command.input.length} bytes`);
  }
  const answer = await link.request(command);
  if (answer.kind === "refused") {
    throw refused(answer.reason, answer.message, id);
  }
  return expectKind(answer, "accepted");
}
