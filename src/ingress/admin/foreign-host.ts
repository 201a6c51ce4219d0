import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerOf } from "../http/headers.ts";
import { isLoopbackName } from "../http/loopback.ts";
import { failure } from "./rest.ts";

/**
 * Refuses a request that looks for this machine's admin port under a name that is none of this machine's. A
 * page elsewhere can have its own name lead here (DNS rebinding), and is then no other origin.
 */
export function refuseForeignHost({ headers }: HttpRequest): HttpResponse | undefined {
  const host = headerOf(headers, ":authority") ?? headerOf(headers, "host") ?? "";
  const name = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.exec(host)?.[1] ?? "";
  return isLoopbackName(name)
    ? undefined
    : failure(
        403,
        `the admin port is open to this machine only, and ${JSON.stringify(host)} is no name of it: ask for localhost or 127.0.0.1, or listen with another adminHost`,
      );
}
