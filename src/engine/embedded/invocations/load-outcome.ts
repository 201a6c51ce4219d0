import type { Outcome } from "../../../model/outcome.ts";
import type { ReserveOutcome } from "../../engine.ts";
import type { Kernel } from "../engine-context.ts";
import { refused } from "../errors.ts";
import { formatId, type IdBytes } from "../ids/invocation-id.ts";
import { outcomeFrom } from "../store/outcome-codec.ts";
import type { Answer, EndedOutcome } from "../store/protocol.ts";
import type { Ended } from "./outcome-waiters.ts";

/**
 * Loads the outcome of a durable invocation; undefined while it has not completed. Its size is known, and reserved,
 * before it leaves the store.
 *
 * @throws ConnectError `not_found` if the invocation is unknown, and what `reserve` throws.
 */
export async function loadOutcome(
  { link }: Kernel,
  id: IdBytes,
  reserve: ReserveOutcome | undefined,
): Promise<Ended | undefined> {
  const first = await link.request({ op: "outcome", id, isReserved: reserve === undefined });
  if (first.kind !== "outcome-size") {
    return endedFromAnswer(first, id);
  }
  await reserve?.(first.bytes);
  return endedFromAnswer(await link.request({ op: "outcome", id, isReserved: true }), id);
}

/** Reserves room for an outcome that is in memory already. */
export async function reserveFor(outcome: Outcome, reserve: ReserveOutcome | undefined): Promise<Outcome> {
  if (outcome.ok) {
    await reserve?.(outcome.output.length);
  }
  return outcome;
}

function endedFromAnswer(answer: Answer, id: IdBytes): Ended | undefined {
  if (answer.kind === "refused") {
    throw refused(answer.reason, answer.message, formatId(id));
  }
  const { ended } = expectKind(answer, "outcome");
  return ended === null ? undefined : endedFrom(ended);
}

/** What the store says of an outcome, as waiters get it. */
export function endedFrom({ outcome, expires }: EndedOutcome): Ended {
  return { outcome: outcomeFrom(outcome), expiresAt: new Date(expires) };
}

/** The store answers a command with an answer of its kind; anything else is a bug of this engine. */
export function expectKind<K extends Answer["kind"]>(answer: Answer, kind: K): Answer & { readonly kind: K } {
  if (answer.kind !== kind) {
    throw new Error(`the store answered "${answer.kind}" where "${kind}" was due`);
  }
  return answer as Answer & { readonly kind: K };
}
