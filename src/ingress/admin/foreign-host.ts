import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerOf } from "../http/headers.ts";
import { isLoopbackName } from "../http/loopback.ts";
import { failure } from "./rest.ts";

/**
 * Refuses a request to this machine's admin port whose host name does not belong to this machine. A web page can
 * point its own host name here (DNS rebinding), and browsers then treat the request as same-origin.
 */
export function refuseForeignHost({ headers }: HttpRequest): HttpResponse | undefined {
  const host = headerOf(headers, ":authority") ?? headerOf(headers, "host") ?? "";
  const name = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.exec(host)?.[1] ?? "";
  return isLoopbackName(name)
    ? undefined
    : failure(
        403,
        `the admin port is open to this machine only, and ${JSON.stringify(host)} is not one of its names: use localhost or 127.0.0.1, or listen with another adminHost`,
      );
}
