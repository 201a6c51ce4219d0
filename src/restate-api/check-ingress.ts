import type { HttpClient, HttpRequest, Wait } from "../http/http.ts";
import { responseError } from "./response-error.ts";

/** Resolves if Restate's ingress takes requests. Rejects with a `ConnectError` that names the URL. */
export async function checkIngress(baseUrl: string, http: HttpClient, wait: Wait): Promise<void> {
  const request: HttpRequest = { method: "GET", path: "/restate/health", header: {}, ...wait };
  const error = responseError(baseUrl + request.path, request, await http(request), false);
  if (error !== undefined) {
    throw error;
  }
}
