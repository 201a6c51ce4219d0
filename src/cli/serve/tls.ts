import type { TlsOptions } from "../../ingress/index.ts";
import { UsageError } from "../usage-error.ts";
import { readNamedFile } from "./read-named-file.ts";

/** The flags that make `serve` speak TLS. */
export interface TlsFlags {
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly tlsClientCa?: string | undefined;
}

/** Reads the PEM files that the flags name. Undefined: no TLS. */
export async function readTls(flags: TlsFlags): Promise<TlsOptions | undefined> {
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa } = flags;
  if (cert === undefined && key === undefined && clientCa === undefined) {
    return undefined;
  }
  if (cert === undefined || key === undefined) {
    throw new UsageError("TLS needs both --tls-cert <file> and --tls-key <file>");
  }
  return {
    cert: await readNamedFile("--tls-cert", cert),
    key: await readNamedFile("--tls-key", key),
    ...(clientCa === undefined ? {} : { clientCa: await readNamedFile("--tls-client-ca", clientCa) }),
  };
}
