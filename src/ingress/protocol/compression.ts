import type { ConnectError } from "@connectrpc/connect";
import { type Compression, compressionNegotiate } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";

const available = [compressionGzip, compressionBrotli];

/** The encodings that the server knows, as a header spells them. */
export const acceptedEncodings: string = available.map(({ name }) => name).join(",");

/** Smaller messages cost more to compress than they save. */
const minBytes = 1024;

/** What both sides agreed on. */
export interface Negotiated {
  readonly request: Compression | null;
  readonly response: Compression | null;
  /** Set when the request uses an encoding that the server does not know. */
  readonly error?: ConnectError;
}

/** Agrees on compression from the encoding that a request uses and those that its sender accepts. */
export function negotiate(
  used: string | undefined,
  accepted: string | undefined,
  acceptName: string,
): Negotiated {
  return compressionNegotiate(available, used ?? null, accepted ?? null, acceptName);
}

/** Compresses a response, unless it is small or nothing was agreed on. */
export async function compressed(
  { response }: Negotiated,
  data: Uint8Array,
): Promise<{ readonly encoding: string; readonly data: Uint8Array } | undefined> {
  return response === null || data.byteLength < minBytes
    ? undefined
    : { encoding: response.name, data: await response.compress(data) };
}
