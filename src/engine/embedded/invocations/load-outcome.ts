import type { Outcome } from "../../../model/outcome.ts";
import type { ReserveOutcome } from "../../engine.ts";
import type { EngineContext } from "../engine-context.ts";
import { refusalError } from "../errors.ts";
import { formatId, type IdBytes } from "../ids/invocation-id.ts";
import { decodeOutcome } from "../store/outcome-codec.ts";
import type { CompletedOutcome, StoreResponse } from "../store/protocol.ts";
import type { Completed } from "./outcome-waiters.ts";

/**
 * Loads the outcome of a durable invocation; undefined while it is not completed. Its size is known, and reserved,
 * before it leaves the store.
 *
 * @throws ConnectError `not_found` if the invocation is unknown, and the errors of `reserve`.
 */
export async function loadOutcome(
  { store }: EngineContext,
  id: IdBytes,
  reserve: ReserveOutcome | undefined,
): Promise<Completed | undefined> {
  const first = await store.request({ op: "load-outcome", id, isReserved: reserve === undefined });
  if (first.kind !== "outcome-size") {
    return readResponse(first, id);
  }
  await reserve?.(first.bytes);
  return readResponse(await store.request({ op: "load-outcome", id, isReserved: true }), id);
}

/** Reserves room for an outcome that is in memory already. */
export async function reserveFor(outcome: Outcome, reserve: ReserveOutcome | undefined): Promise<Outcome> {
  if (outcome.ok) {
    await reserve?.(outcome.output.length);
  }
  return outcome;
}

/** Decodes a stored outcome for its waiters. */
export function decodeCompleted({ outcome, expires }: CompletedOutcome): Completed {
  return { outcome: decodeOutcome(outcome), expiresAt: new Date(expires) };
}

/** The store answers a command with a response of its kind; any other is a bug of this engine. */
export function expectKind<K extends StoreResponse["kind"]>(
  response: StoreResponse,
  kind: K,
): StoreResponse & { readonly kind: K } {
  if (response.kind !== kind) {
    throw new Error(`the store answered "${response.kind}" instead of "${kind}"`);
  }
  // The kinds are equal.
  return response as StoreResponse & { readonly kind: K };
}

function readResponse(response: StoreResponse, id: IdBytes): Completed | undefined {
  if (response.kind === "refused") {
    throw refusalError(response.reason, response.message, formatId(id));
  }
  const { completed } = expectKind(response, "outcome");
  return completed === null ? undefined : decodeCompleted(completed);
}
