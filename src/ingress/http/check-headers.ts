import type { Limits } from "../limits.ts";
import type { HttpRequest } from "./exchange.ts";

/** What separates the headers of HTTP/1.1, bytes: a colon, a space and the end of the line. */
const separatorBytes = 4;

/**
 * Looks whether the headers of a request are too many or too large, which Node limits for HTTP/1.1 only, and whether
 * they name one host, as RFC 9112 (3.2) and RFC 9113 (8.3.1) want it: of two, a proxy in front may go by the other one.
 *
 * @returns the HTTP status to refuse the request with; undefined when its headers are good.
 */
export function checkHeaders(
  { rawHeaders }: HttpRequest,
  { maxHeaders, maxHeaderBytes }: Limits,
): 400 | 431 | undefined {
  let count = 0;
  let bytes = 0;
  let host: string | undefined;
  let hasHost = false;
  let isAmbiguous = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    const value = rawHeaders[i + 1] ?? "";
    bytes += name.length + value.length + separatorBytes;
    const isHost = name.length === 4 && name.toLowerCase() === "host";
    if (isHost || name === ":authority") {
      isAmbiguous ||= (isHost && hasHost) || (host !== undefined && host !== value);
      hasHost ||= isHost;
      host = value;
    }
    count += name.startsWith(":") ? 0 : 1;
  }
  if (isAmbiguous) {
    return 400;
  }
  return count > maxHeaders || bytes > maxHeaderBytes ? 431 : undefined;
}
