import type { DescMethod } from "@bufbuild/protobuf";
import { serviceKind } from "./service-kind.ts";

/** Members of a typed client that are ours; `then` would make a promise of the client. */
const taken: ReadonlySet<string> = new Set(["send", "key", "then"]);

/** Members that the client of a WORKFLOW has besides. */
const takenInWorkflow: ReadonlySet<string> = new Set(["workflow", "submit", "attach", "output"]);

/**
 * The name of a method on a typed client: protobuf-es's local name, with a trailing `$` where the
 * client has a member of that name itself (`rpc Send` becomes `send$`).
 */
export function memberName({ localName, parent }: DescMethod): string {
  const isTaken =
    taken.has(localName) || (takenInWorkflow.has(localName) && serviceKind(parent) === "workflow");
  return isTaken ? `${localName}$` : localName;
}
