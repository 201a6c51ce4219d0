import { Code } from "@connectrpc/connect";
import type { InvocationDetails, InvocationInfo } from "../../../model/invocation.ts";
import type { EngineContext } from "../engine-context.ts";
import { formatAwakeableId } from "../ids/awakeable-id.ts";
import { formatId, type IdBytes } from "../ids/invocation-id.ts";
import { decodeHeaders } from "../store/outcome-codec.ts";
import { infoFrom } from "./invocation-info.ts";
import { expectKind } from "./load-outcome.ts";

/** The indexes of the awakeables that the handler of an attempt in flight waits for. Undefined: none is in flight. */
export type FindAwaited = (seq: number) => readonly number[] | undefined;

/** Everything that is known of a durable invocation besides its outcome. */
export async function inspectInvocation(
  { store }: EngineContext,
  findAwaited: FindAwaited,
  id: IdBytes,
): Promise<InvocationDetails | undefined> {
  const response = await store.request({ op: "inspect", id });
  if (response.kind === "refused") {
    return undefined;
  }
  const { record, headers, input, failedAttempts, calls } = expectKind(response, "inspection").inspection;
  const awaited = record.expires === null ? findAwaited(record.seq) : [];
  return {
    info: infoFrom(record),
    input,
    headers: decodeHeaders(headers),
    failedAttempts: failedAttempts.map(({ failed, code, message }) => ({
      failedAt: new Date(failed),
      code: code in Code ? code : Code.Unknown,
      message: message ?? "",
    })),
    awakeables: awaited?.map((index) => formatAwakeableId({ invocation: id, index })),
    waitsFor: calls.map(formatId),
  };
}

/** What is known of a plain call besides its outcome: it is in memory, and its engine does not look into it. */
export function plainDetails(info: InvocationInfo): InvocationDetails {
  return {
    info,
    input: undefined,
    headers: undefined,
    failedAttempts: [],
    awakeables: undefined,
    waitsFor: undefined,
  };
}
