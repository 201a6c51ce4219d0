import type { NodeRequest } from "./node.ts";

/**
 * Whether a request names one host, as RFC 9112 (3.2) and RFC 9113 (8.3.1) want it. Of two, a proxy in front may go by
 * the other one.
 */
export function namesOneHost({ rawHeaders }: NodeRequest): boolean {
  const names: string[] = [];
  let hosts = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase();
    if (name === "host" || name === ":authority") {
      hosts += name === "host" ? 1 : 0;
      names.push(rawHeaders[i + 1] ?? "");
    }
  }
  return hosts <= 1 && new Set(names).size <= 1;
}
