import type { HeaderList } from "../../model/outcome.ts";
import type { HttpResponse } from "./exchange.ts";

/** A response for people: clients go by the status. */
export function textResponse(status: number, text: string, headers: HeaderList = []): HttpResponse {
  const body = Buffer.from(`${text}\n`);
  return {
    status,
    headers: [
      ...headers,
      ["content-type", "text/plain; charset=utf-8"],
      ["content-length", String(body.byteLength)],
    ],
    body,
  };
}
