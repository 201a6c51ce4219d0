import { readFileSync } from "node:fs";

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

function read(file: string): string {
  return readFileSync(new URL(`./tls/${file}`, import.meta.url), "utf8");
}

/** A certificate of the tests, made by tls/make.sh. The first two are of the same issuer. */
export function certificate(name: "server" | "client" | "stranger"): Certificate {
  return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
}

/** Who issued the certificates of server and client. */
export const issuer: string = read("ca.crt");
