import { promisify } from "node:util";
import zlib, { type ZlibOptions } from "node:zlib";
import { Code } from "@connectrpc/connect";
import { errorWithCause } from "../../model/error-with-cause.ts";
import type { Compression } from "./compression.ts";

/** gzip by Node. */
export const gzip: Compression = compression("gzip", promisify(zlib.gzip), promisify(zlib.gunzip));

/** Brotli by Node. */
export const brotli: Compression = compression(
  "br",
  promisify(zlib.brotliCompress),
  promisify(zlib.brotliDecompress),
);

function compression(
  name: string,
  compress: (bytes: Uint8Array) => Promise<Buffer>,
  decompress: (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>,
): Compression {
  return {
    name,
    compress,
    async decompress(bytes, maxBytes) {
      if (bytes.byteLength === 0) {
        return bytes;
      }
      try {
        const { buffer, byteOffset, byteLength } = await decompress(bytes, { maxOutputLength: maxBytes });
        // A plain Uint8Array: views on it become `bytes` fields, where a Buffer surprises.
        return new Uint8Array(buffer, byteOffset, byteLength);
      } catch (cause) {
        throw (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
          ? errorWithCause(
              `the response is larger than readMaxBytes: more than ${maxBytes} bytes when decompressed`,
              Code.ResourceExhausted,
              cause,
            )
          : errorWithCause(`the response is not compressed with ${name}`, Code.InvalidArgument, cause);
      }
    },
  };
}
