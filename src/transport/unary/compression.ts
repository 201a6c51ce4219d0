import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";

/** What a transport compresses and decompresses. `fetch` does it by itself, and takes nothing from here. */
export interface CompressionOptions {
  /** Encodings that a response may have. */
  readonly accepted: readonly Compression[];
  /** For requests. */
  readonly send?: Compression | undefined;
  /** Smaller requests are sent as they are, bytes. */
  readonly minBytes: number;
  /** The most that comes out of a response, bytes. */
  readonly maxBytes: number;
}

/** Compression where the platform does all of it. */
export const noCompression: CompressionOptions = {
  accepted: [],
  minBytes: 0,
  maxBytes: Number.POSITIVE_INFINITY,
};

/** The header that names what a response may be compressed with. */
export function acceptHeader(
  name: string,
  { accepted }: CompressionOptions,
): Readonly<Record<string, string>> | undefined {
  return accepted.length === 0 ? undefined : { [name]: accepted.map((one) => one.name).join(",") };
}

/** The compressed message; undefined when it goes as it is. */
export function compress(
  message: Uint8Array,
  { send, minBytes }: CompressionOptions,
): Promise<Uint8Array> | undefined {
  return message.byteLength < minBytes ? undefined : send?.compress(message);
}

/**
 * Decompresses a part of a response.
 *
 * @throws ConnectError `internal` when the encoding was not asked for, `resource_exhausted` when more comes
 *   out than may.
 */
export function decompress(
  bytes: Uint8Array,
  encoding: string,
  header: Headers,
  { accepted, maxBytes }: CompressionOptions,
): Promise<Uint8Array> {
  const compression = accepted.find(({ name }) => name === encoding);
  if (compression === undefined) {
    throw new ConnectError(`unsupported response encoding "${encoding}"`, Code.Internal, header);
  }
  return compression.decompress(bytes, maxBytes);
}

/** True where a header names an encoding that changes bytes. */
export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && encoding.toLowerCase() !== "identity";
}
