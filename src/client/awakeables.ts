import {
  create,
  type DescMessage,
  fromJson,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, type Transport } from "@connectrpc/connect";
import {
  Awakeables as AwakeablesService,
  type ResolveAwakeableRequest,
} from "../../generated/dev/restate/services_pb.ts";
import { errorWithCause, messageOf } from "../model/error-with-cause.ts";
import { binaryFormat, encodeMessage } from "../wire/message-format.ts";
import type { CallOptions } from "./options.ts";
import { unary } from "./unary.ts";

/** Options of completing an awakeable with a message. */
export interface ResolveOptions extends CallOptions {
  /**
   * How the handler gets the message. Default: `binary`, which handlers of restate-connect read, and those of Restate's
   * Go SDK with `WithProto`. Handlers of Restate's other SDKs read `json`, unless they name another serialization: they
   * would never wake up from Protobuf bytes.
   */
  format?: "binary" | "json" | undefined;
  /** Messages that may be inside a `google.protobuf.Any`: only JSON needs to know them. Default: none. */
  registry?: Registry | undefined;
}

/** Completes the awakeables that handlers wait for. The first completion wins; later completions are ignored. */
export interface Awakeables {
  /**
   * Completes an awakeable with a message of the schema that the handler waits for.
   *
   * @throws ConnectError `invalid_argument` when the id is malformed, or the message cannot be written.
   */
  resolve<S extends DescMessage>(
    id: string,
    schema: S,
    value: MessageInitShape<S>,
    options?: ResolveOptions,
  ): Promise<void>;
  /** Fails an awakeable: the handler sees a terminal error with this reason. */
  reject(id: string, reason: string, options?: CallOptions): Promise<void>;
}

/** A client of `dev.restate.Awakeables` that takes typed messages. */
export function awakeables(transport: Transport): Awakeables {
  return {
    async resolve(id, schema, value, options) {
      const result = encodeResult(id, schema, create(schema, value), options);
      await unary(transport, AwakeablesService.method.resolve, { id, result }, options);
    },
    async reject(id, reason, options) {
      await unary(transport, AwakeablesService.method.reject, { id, reason }, options);
    },
  };
}

function encodeResult<S extends DescMessage>(
  id: string,
  schema: S,
  message: MessageShape<S>,
  { format = "binary", registry }: ResolveOptions = {},
): ResolveAwakeableRequest["result"] {
  const what = `the value of awakeable ${id}`;
  if (format === "binary") {
    return { case: "bytesResult", value: encodeMessage(what, schema, binaryFormat, message) };
  }
  try {
    const json = toJson(schema, message, registry === undefined ? {} : { registry });
    return { case: "jsonResult", value: fromJson(ValueSchema, json) };
  } catch (cause) {
    const text = `${what} cannot be written as ${schema.typeName} in json: ${messageOf(cause)}`;
    throw errorWithCause(text, Code.InvalidArgument, cause);
  }
}
