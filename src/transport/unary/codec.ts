import {
  type DescMethodUnary,
  fromBinary,
  fromJsonString,
  type Message,
  type Registry,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { errorWithCause, messageOf } from "../../model/error-with-cause.ts";
import type { Format } from "../../wire/payload.ts";

/** Writes requests and reads responses. Both throw a ConnectError `internal` where that cannot be done. */
export interface Codec {
  write(method: DescMethodUnary, message: Message): Uint8Array;
  read(method: DescMethodUnary, bytes: Uint8Array): Message;
}

/** Protobuf bytes, or JSON: fields of a response that the schema does not have are ignored. */
export function codecOf(format: Format, registry: Registry | undefined): Codec {
  const { write, read } = format === "binary" ? binary : jsonCodec(registry);
  return {
    write: (method, message) =>
      orThrow(
        () => write(method, message),
        () => `cannot write ${method.input.typeName} in ${format}, the request of ${method.name}`,
      ),
    read: (method, bytes) =>
      orThrow(
        () => read(method, bytes),
        () =>
          `the response of ${method.parent.typeName}/${method.name} is not a valid ${method.output.typeName} in ${format}`,
      ),
  };
}

const binary: Codec = {
  write: ({ input }, message) => toBinary(input, message),
  read: ({ output }, bytes) => fromBinary(output, bytes),
};

function jsonCodec(registry: Registry | undefined): Codec {
  const known = registry === undefined ? {} : { registry };
  const readOptions = { ...known, ignoreUnknownFields: true };
  return {
    write: ({ input }, message) => new TextEncoder().encode(toJsonString(input, message, known)),
    read: ({ output }, bytes) => fromJsonString(output, new TextDecoder().decode(bytes), readOptions),
  };
}

function orThrow<T>(work: () => T, what: () => string): T {
  try {
    return work();
  } catch (cause) {
    throw errorWithCause(`${what()}: ${messageOf(cause)}`, Code.Internal, cause);
  }
}
