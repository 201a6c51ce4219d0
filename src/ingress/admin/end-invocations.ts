import { Code, ConnectError } from "@connectrpc/connect";
import { type EndInvocationsRequest, EndMode } from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine } from "../../engine/engine.ts";
import { listMatching } from "./invocation-query.ts";

/** How many invocations are ended at the same time: the others of the page wait. */
const concurrency = 32;

/** What became of the invocations of one page. */
export interface EndedInvocations {
  readonly ended: number;
  readonly skipped: number;
  /** Asks for the page after this one; "" after the last. */
  readonly nextPageToken: string;
}

/**
 * Ends the invocations of one page of a filter.
 *
 * @throws ConnectError `invalid_argument` without a mode or filter.
 */
export async function endInvocations(
  engine: Engine,
  { filter, mode }: Pick<EndInvocationsRequest, "filter" | "mode">,
): Promise<EndedInvocations> {
  if (filter === undefined) {
    throw new ConnectError(
      "filter is missing: an empty one stands for all invocations",
      Code.InvalidArgument,
    );
  }
  const end = endBy(engine, mode);
  const { invocations, nextPageToken = "" } = await listMatching(engine, filter);
  let ended = 0;
  const left = invocations.filter(
    ({ completedAt }) => (completedAt === undefined) === (mode !== EndMode.PURGE),
  );
  const queue = left.map(({ id }) => id);
  async function work(): Promise<void> {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (await isEnded(end, id)) {
        ended += 1;
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  return { ended, skipped: invocations.length - ended, nextPageToken };
}

type End = (id: string) => Promise<void>;

function endBy(engine: Engine, mode: EndMode): End {
  switch (mode) {
    case EndMode.CANCEL:
      return (id) => engine.cancel(id, "cancel");
    case EndMode.KILL:
      return (id) => engine.cancel(id, "kill");
    case EndMode.PURGE:
      return (id) => engine.purge(id);
    default:
      throw new ConnectError(`mode is ${mode}: give CANCEL, KILL or PURGE`, Code.InvalidArgument);
  }
}

/** Resolves with false for an invocation that changed or went away meanwhile. */
async function isEnded(end: End, id: string): Promise<boolean> {
  try {
    await end(id);
    return true;
  } catch (reason) {
    const { code } = ConnectError.from(reason);
    if (code === Code.NotFound || code === Code.FailedPrecondition) {
      return false;
    }
    throw reason;
  }
}
