import type { HttpRequest } from "./exchange.ts";
import { headerOf } from "./headers.ts";

/** The URL that a request asks for. */
export function requestUrl({ scheme, headers, url }: HttpRequest): string {
  const host = headerOf(headers, ":authority") ?? headerOf(headers, "host") ?? "";
  return url.startsWith("/") ? `${scheme}://${host}${url}` : url;
}
