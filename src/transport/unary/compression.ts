import { Code, ConnectError } from "@connectrpc/connect";

/** One way of compressing messages. */
export interface Compression {
  /** As headers name it: `gzip`. */
  readonly name: string;
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws ConnectError `resource_exhausted` when more than `maxBytes` come out, `invalid_argument` for other data */
  decompress(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>;
}

/** What a transport compresses and decompresses. */
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

/** Compresses and decompresses for a protocol. `fetch` does it by itself, and needs none. */
export interface Compressor {
  /** The encoding of compressed requests, undefined where none is compressed. */
  readonly encoding: string | undefined;
  /** The most bytes that a message of a response may have. */
  readonly maxBytes: number;
  /** The header that names what a response may be compressed with. */
  acceptHeader(name: string): Readonly<Record<string, string>>;
  /** True where a header names an encoding that changes bytes. */
  isEncoded(encoding: string | undefined): encoding is string;
  /** The compressed message; undefined when it goes as it is. */
  compress(message: Uint8Array): Promise<Uint8Array> | undefined;
  /**
   * Decompresses a part of a response.
   *
   * @throws ConnectError `internal` when the encoding was not asked for, and as `Compression.decompress` does
   */
  decompress(bytes: Uint8Array, encoding: string, header: Headers): Promise<Uint8Array>;
}

/** A compressor with these options. */
export function compressorOf({ accepted, send, minBytes, maxBytes }: CompressionOptions): Compressor {
  return {
    encoding: send?.name,
    maxBytes,
    acceptHeader: (name) => ({ [name]: accepted.map((one) => one.name).join(",") }),
    isEncoded: (encoding): encoding is string =>
      encoding !== undefined && encoding.toLowerCase() !== "identity",
    compress: (message) => (message.byteLength < minBytes ? undefined : send?.compress(message)),
    decompress(bytes, encoding, header) {
      const compression = accepted.find(({ name }) => name === encoding);
      if (compression === undefined) {
        throw new ConnectError(`unsupported response encoding "${encoding}"`, Code.Internal, header);
      }
      return compression.decompress(bytes, maxBytes);
    },
  };
}
