import { Code, ConnectError } from "@connectrpc/connect";
import { isProtocolHeader } from "./protocol-headers.ts";

/** Headers by their lower-case names. A plain object, because `Headers` costs more than the rest of a small request. */
export type HeaderRecord = Readonly<Record<string, string>>;

/**
 * The headers that a caller, or an interceptor, gave: those that may travel. Headers that frame or address the
 * message are left out, so that a backend may pass on those of its own caller: they are the transport's own.
 *
 * @throws ConnectError `invalid_argument` that names a header which HTTP cannot carry
 */
export function callerHeaders(given: HeadersInit | undefined): HeaderRecord {
  const headers: Record<string, string> = {};
  for (const [given_, text] of entriesOf(given)) {
    const name = given_.toLowerCase();
    const value = text.trim();
    if (!isProtocolHeader(name)) {
      refuseIllegal(name, value);
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
  }
  return headers;
}

/** The caller's headers with ours on top. Throws as {@link callerHeaders} does. */
export function mergeHeaders(given: HeadersInit | undefined, own: HeaderRecord | undefined): HeaderRecord {
  return { ...callerHeaders(given), ...own };
}

function entriesOf(given: HeadersInit = []): Iterable<readonly [string, string]> {
  return Symbol.iterator in given ? (given as Iterable<[string, string]>) : Object.entries(given);
}

function refuseIllegal(name: string, value: string): void {
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
    throw illegal(`${JSON.stringify(name)} is not a valid name of a header`);
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw illegal(
      `header ${name} has a character that HTTP cannot carry: ${JSON.stringify(value)}. Encode it, with encodeURIComponent() for example`,
    );
  }
}

function illegal(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
