import { readFile } from "node:fs/promises";
import type { TlsOptions } from "../ingress/index.ts";
import { oneLine, UsageError } from "./usage-error.ts";

/** The flags that make `serve` speak TLS. */
export interface TlsFlags {
  readonly "tls-cert"?: string | undefined;
  readonly "tls-key"?: string | undefined;
  readonly "tls-client-ca"?: string | undefined;
}

/** Reads the PEM files that the flags name. Undefined: no TLS. */
export async function readTls(flags: TlsFlags): Promise<TlsOptions | undefined> {
  const { "tls-cert": cert, "tls-key": key, "tls-client-ca": clientCa } = flags;
  if (cert === undefined && key === undefined && clientCa === undefined) {
    return undefined;
  }
  if (cert === undefined || key === undefined) {
    throw new UsageError("TLS needs both --tls-cert <file> and --tls-key <file>");
  }
  return {
    cert: await read("--tls-cert", cert),
    key: await read("--tls-key", key),
    ...(clientCa === undefined ? {} : { clientCa: await read("--tls-client-ca", clientCa) }),
  };
}

async function read(flag: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UsageError(`${flag} ${file} cannot be read: ${oneLine(cause)}`, { cause });
  }
}
