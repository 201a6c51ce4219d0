import {
  type DescMessage,
  type DescService,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageShape,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { messageRegistry } from "../contract/message-registry.ts";
import { parseExactJson } from "./exact-json.ts";
import type { Format } from "./protocol/protocol.ts";

/** Reads and writes messages. JSON as in Restate 0.x: unknown fields are refused, defaults are written. */
export interface Codec {
  /** Throws `invalid_argument` when the bytes are no such message. */
  decode<S extends DescMessage>(schema: S, format: Format, bytes: Uint8Array): MessageShape<S>;
  /** Throws whatever Protobuf throws when the JSON is no such message. */
  fromJson<S extends DescMessage>(schema: S, json: JsonValue): MessageShape<S>;
  encode<S extends DescMessage>(schema: S, format: Format, message: MessageShape<S>): Uint8Array;
  /** Puts Protobuf bytes into the format. Throws `internal` when they are no such message. */
  transcode(schema: DescMessage, format: Format, bytes: Uint8Array): Uint8Array;
}

/** A codec whose JSON knows the messages of these services inside of `google.protobuf.Any`. */
export function createCodec(services: Iterable<DescService>): Codec {
  const registry = messageRegistry(services);
  const readOptions = { registry, ignoreUnknownFields: false };
  const writeOptions = { registry, alwaysEmitImplicit: true };

  function encode<S extends DescMessage>(schema: S, format: Format, message: MessageShape<S>): Uint8Array {
    return format === "binary"
      ? toBinary(schema, message)
      : Buffer.from(toJsonString(schema, message, writeOptions));
  }

  return {
    decode(schema, format, bytes) {
      try {
        return format === "binary"
          ? fromBinary(schema, bytes)
          : fromJson(schema, parseExactJson(utf8(bytes)), readOptions);
      } catch (cause) {
        throw new ConnectError(
          `Error when parsing request: ${messageOf(cause)}`,
          Code.InvalidArgument,
          undefined,
          undefined,
          cause,
        );
      }
    },
    fromJson: (schema, json) => fromJson(schema, json, readOptions),
    encode,
    transcode(schema, format, bytes) {
      if (format === "binary") {
        return bytes;
      }
      try {
        return encode(schema, format, fromBinary(schema, bytes));
      } catch (cause) {
        throw new ConnectError(
          `The response payload cannot be serialized: ${messageOf(cause)}`,
          Code.Internal,
          undefined,
          undefined,
          cause,
        );
      }
    },
  };
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
