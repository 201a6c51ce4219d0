import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { errorWithCause, messageOf } from "../model/error-with-cause.ts";

/** How a message is written: Protobuf bytes, or JSON in UTF-8. */
export type Format = "binary" | "json";

/** Writes and reads messages in one format. Both throw the error of Protobuf-ES. */
export interface MessageFormat {
  readonly name: Format;
  write<S extends DescMessage>(schema: S, message: MessageShape<S>): Uint8Array;
  read<S extends DescMessage>(schema: S, bytes: Uint8Array): MessageShape<S>;
}

/** Protobuf bytes. */
export const binaryFormat: MessageFormat = { name: "binary", write: toBinary, read: fromBinary };

/** A message to decode, and what to say and to throw when it is not one. */
export interface Encoded<S extends DescMessage> {
  /** Names the message in an error: `the response of org.example.Greeter/Greet`. */
  readonly what: string;
  readonly schema: S;
  readonly format: MessageFormat;
  readonly bytes: Uint8Array;
  /** The code of the error: whose mistake it is. */
  readonly code: Code;
}

/**
 * Decodes a message.
 *
 * @throws ConnectError with the code that it was given, when the bytes are not such a message
 */
export function decodeMessage<S extends DescMessage>(encoded: Encoded<S>): MessageShape<S> {
  const { what, schema, format, bytes, code } = encoded;
  try {
    return format.read(schema, bytes);
  } catch (cause) {
    const message = `${what} is not a valid ${schema.typeName} in ${format.name}: ${messageOf(cause)}`;
    throw errorWithCause(message, code, cause);
  }
}

/**
 * Encodes a message that a caller gave.
 *
 * @throws ConnectError `invalid_argument` when a field has a value that its type does not allow
 */
export function encodeMessage<S extends DescMessage>(
  what: string,
  schema: S,
  format: MessageFormat,
  message: MessageShape<S>,
): Uint8Array {
  try {
    return format.write(schema, message);
  } catch (cause) {
    const text = `${what} cannot be written as ${schema.typeName} in ${format.name}: ${messageOf(cause)}`;
    throw errorWithCause(text, Code.InvalidArgument, cause);
  }
}
