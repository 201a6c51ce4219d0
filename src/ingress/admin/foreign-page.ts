import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerOf } from "../http/headers.ts";
import { failure } from "./rest.ts";

/**
 * Refuses a request that a page of another origin makes. Browsers refuse most of them unasked: the admin port
 * answers no preflight. A link from elsewhere to the console is welcome.
 */
export function refuseForeignPage({ method = "", headers }: HttpRequest): HttpResponse | undefined {
  const site = headerOf(headers, "sec-fetch-site");
  const isForeign =
    site === undefined
      ? isForeignOrigin(headerOf(headers, "origin"), hostOf(headers))
      : site !== "same-origin" && site !== "none";
  const isLink = method === "GET" && headerOf(headers, "sec-fetch-mode") === "navigate";
  return isForeign && !isLink
    ? failure(
        403,
        "a page of another origin may not use the admin port: open the console on the admin port itself, or call from a server",
      )
    : undefined;
}

/** Browsers send `sec-fetch-site` to HTTPS and to this machine only. To others they send the origin of the page. */
function isForeignOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && URL.parse(origin)?.host !== host;
}

function hostOf(headers: HttpRequest["headers"]): string | undefined {
  const host = headerOf(headers, ":authority") ?? headerOf(headers, "host");
  return host === undefined ? undefined : URL.parse(`http://${host}`)?.host;
}
