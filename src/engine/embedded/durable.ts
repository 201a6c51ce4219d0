import { Code, ConnectError } from "@connectrpc/connect";
import type { Accepted, CallOptions, CallResult, Idempotency, SendOptions, Target } from "../engine.ts";
import { alreadyInvoked, endingOf, maxMessageBytes, messageTooLarge, refused } from "./errors.ts";
import { derivedId, formatId, type IdBytes, parseId, randomId, workflowRunId } from "./invocation-id.ts";
import type { Kernel } from "./kernel.ts";
import { endOfTime, momentAfter } from "./moments.ts";
import { headersText, outcomeFrom, ownBytes } from "./outcome-codec.ts";
import type { AcceptCommand, Answer, EndedOutcome } from "./protocol.ts";
import type { Ended } from "./waiters.ts";

/** What makes two calls or sends one invocation. */
export type Identity =
  /** Nothing does. */
  | { readonly kind: "new" }
  /** The caller's key; it stands for one input. */
  | { readonly kind: "key"; readonly key: string }
  /** The id of a workflow, which runs once; the first one's input holds. */
  | { readonly kind: "workflow" }
  /** The place in the attempts of an invocation; the first attempt's input holds. */
  | {
      readonly kind: "position";
      readonly parent: string;
      readonly position: number;
      /** The attempt's: a call ends with the invocation that makes it. */
      readonly signal: AbortSignal;
    };

/** Takes an invocation into the store. Resolves once it is on disk. */
export async function sendDurably(
  kernel: Kernel,
  target: Target,
  input: Uint8Array,
  options: SendOptions,
  identity: Identity,
): Promise<Accepted> {
  const id = identify(kernel, target, identity);
  const text = formatId(id);
  const due = dueTime(options.delayMs ?? 0);
  const command = acceptCommand(kernel, target, input, options, identity, id, due);
  const answer = await accept(kernel, command, text);
  return {
    id: text,
    duplicate: answer.duplicate,
    ...(answer.executeAt === null ? undefined : { executeAt: new Date(answer.executeAt) }),
  };
}

/** Takes an invocation into the store, or joins the one that is there, and waits for its outcome. */
export async function callDurably(
  kernel: Kernel,
  target: Target,
  input: Uint8Array,
  options: CallOptions,
  identity: Identity,
): Promise<CallResult> {
  options.signal?.throwIfAborted();
  const id = identify(kernel, target, identity);
  const text = formatId(id);
  const waiter = kernel.waiters.add(text);
  const parentSignal = identity.kind === "position" ? identity.signal : undefined;
  const endWithParent = (): void => {
    const mode = parentSignal && endingOf(parentSignal);
    if (mode !== undefined) {
      kernel.link.post({ op: "end", id, mode });
    }
  };
  parentSignal?.addEventListener("abort", endWithParent, { once: true });
  try {
    const command = acceptCommand(kernel, target, input, options, identity, id, null);
    const answer = await accept(kernel, command, text);
    if (answer.duplicate && identity.kind === "workflow" && options.invokedBy === undefined) {
      throw alreadyInvoked();
    }
    const ended = answer.ended === null ? await waiter.wait(options.signal) : endedFrom(answer.ended);
    return { id: text, outcome: ended.outcome, expiresAt: ended.expiresAt };
  } finally {
    parentSignal?.removeEventListener("abort", endWithParent);
    waiter.remove();
  }
}

/** What the store says of an outcome, as waiters get it. */
export function endedFrom({ outcome, expires }: EndedOutcome): Ended {
  return { outcome: outcomeFrom(outcome), expiresAt: new Date(expires) };
}

function dueTime(delayMs: number): number | null {
  if (Number.isNaN(delayMs)) {
    throw new ConnectError("the delay is no number: give milliseconds", Code.InvalidArgument);
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

function identify({ hash }: Kernel, target: Target, identity: Identity): IdBytes {
  switch (identity.kind) {
    case "new":
      return randomId(target.key, hash);
    case "key":
      return derivedId(target, ["key", identity.key], hash);
    case "workflow":
      return workflowRunId(target, hash);
    case "position":
      return derivedId(target, ["position", identity.parent, String(identity.position)], hash);
  }
}

function acceptCommand(
  { kindOf }: Kernel,
  target: Target,
  input: Uint8Array,
  { headers = [], idempotency, invokedBy }: SendOptions,
  identity: Identity,
  id: IdBytes,
  due: number | null,
): AcceptCommand {
  return {
    op: "accept",
    id,
    derived: identity.kind !== "new",
    anyInput: identity.kind === "position" || identity.kind === "workflow",
    service: target.service,
    method: target.method,
    key: target.key ?? null,
    shared: kindOf(target) !== "exclusive",
    headers: headersText(headers),
    input: ownBytes(input),
    due,
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

/** The store answers a command with an answer of its kind; anything else is a defect of ours. */
export function expectKind<K extends Answer["kind"]>(answer: Answer, kind: K): Answer & { readonly kind: K } {
  if (answer.kind !== kind) {
    throw new Error(`the store answered "${answer.kind}" where "${kind}" was due`);
  }
  return answer as Answer & { readonly kind: K };
}
