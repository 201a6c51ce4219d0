import type { Limits } from "../limits.ts";
import type { NodeRequest } from "./node.ts";

/** What separates the headers of HTTP/1.1, bytes: a colon, a space and the end of the line. */
const separatorBytes = 4;

/** Whether a request's headers are too many or too large. Of HTTP/2, Node limits neither as HTTP/1.1's. */
export function exceedsHeaderLimits(
  { rawHeaders }: NodeRequest,
  { maxHeaders, maxHeaderBytes }: Limits,
): boolean {
  let count = 0;
  let bytes = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    const value = rawHeaders[i + 1] ?? "";
    count += name.startsWith(":") ? 0 : 1;
    bytes += name.length + value.length + separatorBytes;
  }
  return count > maxHeaders || bytes > maxHeaderBytes;
}
