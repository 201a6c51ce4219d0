import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { refuseForeignHost } from "./foreign-host.ts";
import { refuseForeignPage } from "./foreign-page.ts";

/** Refuses requests of pages of other origins; where only this machine reaches the port, also by foreign names. */
export function refuseForeign(request: HttpRequest, isLoopback: boolean): HttpResponse | undefined {
  return (isLoopback ? refuseForeignHost(request) : undefined) ?? refuseForeignPage(request);
}
