import { type DescMethod, type DescService, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { JsonMessages } from "../engine/engine.ts";
import { binaryFormat, decodeMessage, encodeMessage } from "../wire/message-format.ts";
import { restateFormat } from "../wire/payload.ts";

const json = restateFormat("json", { unknownFields: "ignore" });

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
      const what = `the request of ${typeName}/${name}`;
      const code = Code.InvalidArgument;
      const message = decodeMessage({ what, schema: input, format: binaryFormat, bytes: request, code });
      return encodeMessage(what, input, json, message);
    },
    decodeResponse(name, bytes) {
      const { output: schema } = find(name);
      const what = `the response of ${typeName}/${name}`;
      return toBinary(schema, decodeMessage({ what, schema, format: json, bytes, code: Code.Internal }));
    },
  };
}
