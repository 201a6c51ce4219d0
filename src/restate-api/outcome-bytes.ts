import { type DescMessage, type Registry, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { decodeMessage } from "../wire/message-format.ts";
import { restateFormat, sniffFormat } from "../wire/payload.ts";

/**
 * An outcome as Protobuf bytes. Restate keeps it as the handler wrote it, and handlers answer in the format
 * they were asked in: an invocation that somebody sent as JSON has an outcome in JSON.
 *
 * @throws ConnectError `failed_precondition` when it is JSON and no schema is known, `internal` when it is
 *   JSON of another message.
 */
export function outcomeBytes(
  id: string,
  bytes: Uint8Array,
  schema: DescMessage | undefined,
  registry?: Registry,
): Uint8Array {
  if (schema === undefined) {
    if (bytes[0] === 0x7b) {
      throw new ConnectError(
        `the outcome of ${id} is JSON, because it was sent as JSON: attach through a typed client, which knows its message`,
        Code.FailedPrecondition,
      );
    }
    return bytes;
  }
  if (sniffFormat(schema, bytes) === "binary") {
    return bytes;
  }
  const format = restateFormat("json", { registry, unknownFields: "ignore" });
  return toBinary(
    schema,
    decodeMessage({ what: `the outcome of ${id}`, schema, format, bytes, code: Code.Internal }),
  );
}
