import {
  type DescMessage,
  type DescService,
  fromBinary,
  fromJson,
  type JsonReadOptions,
  type JsonValue,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { errorWithCause } from "../model/error-with-cause.ts";
import { excerpt } from "../model/excerpt.ts";
import { messageRegistry } from "../model/message-registry.ts";
import { parseExactJson } from "./exact-json.ts";
import { withoutAliases } from "./json-aliases.ts";
import { jsonText } from "./json-text.ts";
import type { RequestMemory } from "./memory.ts";
import type { Format } from "./protocol/protocol.ts";
import type { UnaryRequest } from "./route.ts";
import { binarySize } from "./size/binary-size.ts";
import { jsonSizer } from "./size/json-size.ts";
import { refuseLongNumbers } from "./size/long-numbers.ts";

/** A message as it came. */
export type Encoded = Pick<UnaryRequest, "format" | "message" | "memory">;

/** A message, and its Protobuf bytes. Readers with the usual limit of 100 levels can decode them. */
export interface Argument<S extends DescMessage> {
  readonly message: MessageShape<S>;
  readonly bytes: Uint8Array;
}

/** Reads and writes messages. JSON as in Restate 0.x: unknown fields are refused, defaults are written. */
export interface Codec {
  /**
   * Throws `invalid_argument` if the bytes are not such a message, and `resource_exhausted` if it would take
   * more memory than there is.
   */
  decode<S extends DescMessage>(schema: S, given: Encoded): MessageShape<S>;
  /** Decodes what is to be passed on. Throws as `decode` does. */
  argument<S extends DescMessage>(schema: S, given: Encoded): Argument<S>;
  /** The same for parsed JSON, the argument in a one-way invocation. Throws as `decode` does. */
  argumentFromJson<S extends DescMessage>(schema: S, json: JsonValue, memory: RequestMemory): Argument<S>;
  /** Takes the message over: it must not be used afterwards. */
  encode<S extends DescMessage>(schema: S, format: Format, message: MessageShape<S>): Uint8Array;
  /** Puts Protobuf bytes into the format. Throws `internal` if they are not such a message. */
  transcode(schema: DescMessage, format: Format, bytes: Uint8Array): Uint8Array;
}

/** A codec whose JSON knows the messages of these services inside of `google.protobuf.Any`. */
export function createCodec(services: Iterable<DescService>): Codec {
  const registry = messageRegistry(services);
  const readOptions = { registry, ignoreUnknownFields: false };
  const writeOptions = { registry, alwaysEmitImplicit: true };
  const jsonSize = jsonSizer(registry);

  function encode<S extends DescMessage>(schema: S, format: Format, message: MessageShape<S>): Uint8Array {
    return format === "binary" ? toBinary(schema, message) : jsonText(schema, message, writeOptions);
  }

  function decodeJson<S extends DescMessage>(schema: S, { message, memory }: Encoded) {
    const { size, depth } = jsonSize(schema, message, memory.maxDecodedBytes);
    memory.holdDecoded(size, message.byteLength);
    const json = withoutAliases(schema, parseExactJson(utf8(message)));
    refuseLongNumbers(schema, json, message.byteLength, registry);
    return { message: readJson(schema, json, readOptions), depth };
  }
  function decodeBinary<S extends DescMessage>(schema: S, { message, memory }: Encoded): MessageShape<S> {
    memory.holdDecoded(binarySize(schema, message, memory.maxDecodedBytes), message.byteLength);
    return fromBinary(schema, message);
  }

  return {
    decode: (schema, given) =>
      parsed(() =>
        given.format === "binary" ? decodeBinary(schema, given) : decodeJson(schema, given).message,
      ),
    argument: (schema, given) =>
      parsed(() => {
        if (given.format === "binary") {
          return { message: decodeBinary(schema, given), bytes: given.message };
        }
        const { message, depth } = decodeJson(schema, given);
        const write = depth > surelyReadable ? readable : toBinary;
        return { message, bytes: write(schema, message) };
      }),
    argumentFromJson: (schema, json, memory) =>
      parsed(() => {
        // The request that it was in was small enough; its parts may still be long.
        refuseLongNumbers(schema, json, Number.POSITIVE_INFINITY, registry);
        const message = readJson(schema, json, readOptions);
        const bytes = readable(schema, message);
        memory.holdDecoded(binarySize(schema, bytes, memory.maxDecodedBytes), bytes.byteLength);
        return { message, bytes };
      }),
    encode,
    transcode(schema, format, bytes) {
      if (format === "binary") {
        return bytes;
      }
      try {
        return encode(schema, format, fromBinary(schema, bytes));
      } catch (cause) {
        throw errorWithCause(
          `The response payload cannot be serialized: ${excerpt(messageOf(cause), maxQuoted)}`,
          Code.Internal,
          cause,
        );
      }
    },
  };
}

/** Reads parsed JSON. An integer that is refused was exact until then: JSON has a string for it. */
function readJson<S extends DescMessage>(
  schema: S,
  json: JsonValue,
  options: Partial<JsonReadOptions>,
): MessageShape<S> {
  try {
    return fromJson(schema, json, options);
  } catch (cause) {
    const integer = /(?<![\w.])-?\d{16,}(?=n\b)/.exec(messageOf(cause))?.[0];
    if (integer === undefined) {
      throw cause;
    }
    throw new Error(
      `${excerpt(messageOf(cause), maxQuoted)}: a JSON number cannot hold ${excerpt(integer)} exactly, write "${excerpt(integer)}" as a string`,
      { cause },
    );
  }
}

/** So many levels of JSON are less than 100 of Protobuf, which needs up to three for one in a `Struct`. */
const surelyReadable = 30;

/** Writes a message, and makes sure that it can be read again. */
function readable<S extends DescMessage>(schema: S, message: MessageShape<S>): Uint8Array {
  const bytes = toBinary(schema, message);
  try {
    fromBinary(schema, bytes);
  } catch (cause) {
    throw new Error(`as Protobuf it is nested too deeply: ${messageOf(cause)}`, { cause });
  }
  return bytes;
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ConnectError) {
      throw cause;
    }
    throw errorWithCause(
      `Error when parsing request: ${excerpt(messageOf(cause), maxQuoted)}`,
      Code.InvalidArgument,
      cause,
    );
  }
}

/** The length of a message of protobuf-es without long values, which some of them repeat. */
const maxQuoted = 400;

function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
