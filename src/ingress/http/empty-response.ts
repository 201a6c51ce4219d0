import type { HeaderList } from "../../model/outcome.ts";
import type { HttpResponse } from "./exchange.ts";

/** A response without a body. */
export function emptyResponse(status: number, headers: HeaderList = []): HttpResponse {
  return { status, headers: [["content-length", "0"], ...headers], body: new Uint8Array() };
}
