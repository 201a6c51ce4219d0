import { toJsonString } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { Awakeables, type ResolveAwakeableRequest } from "../../../generated/dev/restate/services_pb.ts";
import type { AwakeableValue } from "../../model/invocation.ts";
import type { Codec } from "../codec.ts";
import type { UnaryRoute } from "../route.ts";
import { typedRoute } from "./typed-route.ts";

/** `dev.restate.Awakeables`. */
export function awakeableRoutes(codec: Codec): UnaryRoute[] {
  return [
    typedRoute(Awakeables.method.resolve, codec, async ({ id, result }, { operations }) => {
      await operations.awakeables.resolve(id, awakeableValue(result));
      return { message: {} };
    }),
    typedRoute(Awakeables.method.reject, codec, async ({ id, reason }, { operations }) => {
      await operations.awakeables.reject(id, reason);
      return { message: {} };
    }),
  ];
}

function awakeableValue(result: ResolveAwakeableRequest["result"]): AwakeableValue {
  switch (result.case) {
    case "bytesResult":
      return { format: "binary", bytes: result.value };
    case "jsonResult":
      return { format: "json", bytes: jsonText(result.value) };
    case undefined:
      throw new ConnectError("result must be non-empty", Code.InvalidArgument);
  }
}

function jsonText(value: Value): Uint8Array {
  if (value.kind.case === undefined) {
    throw new ConnectError("json_result is a google.protobuf.Value without a value", Code.InvalidArgument);
  }
  return Buffer.from(toJsonString(ValueSchema, value));
}
