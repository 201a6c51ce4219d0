import type { HeaderList } from "../../model/outcome.ts";
import { isRequestMetadata } from "../../wire/protocol-headers.ts";

/** Headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One header; repeated ones joined as HTTP says. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}

/** The headers that handlers get to see, each repetition by itself, from Node's alternating names and values. */
export function requestMetadata(rawHeaders: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? "";
    if (isRequestMetadata(name)) {
      list.push([name, rawHeaders[i + 1] ?? ""]);
    }
  }
  return list;
}

/** Names and values in turn, as `writeHead` of HTTP/1.1 takes them. */
export function flatHeaders(list: HeaderList, more: HeaderList): string[] {
  const flat: string[] = [];
  for (const [name, value] of list) {
    flat.push(name, value);
  }
  for (const [name, value] of more) {
    flat.push(name, value);
  }
  return flat;
}

/** Headers by name, as the streams of HTTP/2 take them. */
export function nodeHeaders(
  list: HeaderList,
  more: HeaderList = [],
): Record<string, string | string[] | undefined> {
  const headers: Record<string, string | string[] | undefined> = Object.create(null);
  for (const [name, value] of list) {
    addHeader(headers, name, value);
  }
  for (const [name, value] of more) {
    addHeader(headers, name, value);
  }
  return headers;
}

function addHeader(
  headers: Record<string, string | string[] | undefined>,
  name: string,
  value: string,
): void {
  const before = headers[name];
  if (before === undefined) {
    headers[name] = value;
  } else {
    headers[name] = Array.isArray(before) ? [...before, value] : [before, value];
  }
}
