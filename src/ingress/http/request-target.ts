/** What a request asks for. */
export interface RequestTarget {
  /** As RFC 3986 (6.2.2.2) normalises it: letters, digits and `-._~` stand for themselves, never percent-encoded. */
  readonly path: string;
  /** What is behind the first `?`; "" without one. */
  readonly query: string;
}

/** Takes a request target apart: a path, or the whole URL that proxies get and every server must take (RFC 9112, 3.2.2). */
export function requestTarget(url: string): RequestTarget {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return {
    path: path.includes("%") ? path.replace(/%[0-9a-f]{2}/gi, unreserved) : path,
    query: mark < 0 ? "" : target.slice(mark + 1),
  };
}

function unreserved(encoded: string): string {
  const char = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[\w.~-]/.test(char) ? char : encoded;
}
