import type { DescMethod } from "@bufbuild/protobuf";

/** Members of a typed client that are ours; `then` would make a promise of the client. */
const taken: ReadonlySet<string> = new Set(["send", "key", "then"]);

/**
 * The name of a method on a typed client: protobuf-es's local name, with a trailing `$` where the
 * client has a member of that name itself (`rpc Send` becomes `send$`).
 */
export function memberName(method: DescMethod): string {
  return taken.has(method.localName) ? `${method.localName}$` : method.localName;
}
