import { type DescMethod, type DescService, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { JsonMessages } from "../engine/engine.ts";
import { decodePayload, encodePayload } from "../wire/payload.ts";

/** Converts the messages of a service to and from JSON, for engines whose server uses JSON. */
export function jsonMessages({ typeName, methods }: DescService): JsonMessages {
  const byName = new Map(methods.map((method) => [method.name, method]));
  const find = (name: string): DescMethod => {
    const method = byName.get(name);
    if (method === undefined) {
      throw new ConnectError(`${typeName} has no method ${name}`, Code.Internal);
    }
    return method;
  };
  return {
    encodeRequest(name, request) {
      const { input } = find(name);
      return orThrow(
        Code.InvalidArgument,
        `the request of ${typeName}/${name} is not a valid ${input.typeName}`,
        () => encodePayload("json", input, fromBinary(input, request)).bytes,
      );
    },
    decodeResponse(name, json) {
      const { output } = find(name);
      return orThrow(
        Code.Internal,
        `the response of ${typeName}/${name} is not a valid ${output.typeName} in JSON`,
        () => toBinary(output, decodePayload("json", output, json, { unknownFields: "ignore" })),
      );
    },
  };
}

function orThrow<T>(code: Code, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ConnectError(`${what}: ${String(cause)}`, code, undefined, undefined, cause);
  }
}
