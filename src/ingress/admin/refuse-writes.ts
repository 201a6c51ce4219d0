import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { failure } from "./rest.ts";

/** Refuses a request for a path that can be read only. Undefined for GET and HEAD. */
export function refuseWrites({ method = "" }: HttpRequest, path: string): HttpResponse | undefined {
  if (method === "GET" || method === "HEAD") {
    return undefined;
  }
  const response = failure(405, `${method} ${path} is not offered: use GET`);
  return { ...response, headers: [...response.headers, ["allow", "GET, HEAD"]] };
}
