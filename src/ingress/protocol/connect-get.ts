import { Code, ConnectError } from "@connectrpc/connect";
import type { RequestHeaders } from "../http/headers.ts";
import { connect } from "./connect.ts";
import type { Format, Protocol } from "./protocol.ts";

/**
 * The Connect protocol's GET, with the message in the query. A GET without a query asks with the empty
 * message and gets JSON, as in Restate 0.x, so that a browser's address bar can ask.
 *
 * @returns undefined when the query asks for an unknown message format.
 */
export function connectGet(query: URLSearchParams, headers: RequestHeaders): Protocol | undefined {
  const format = queryFormat(query);
  if (format === undefined) {
    return undefined;
  }
  return connect(headers, {
    format,
    isGet: true,
    encoding: query.get("compression") ?? undefined,
    message: () => queryMessage(query),
  });
}

function queryFormat(query: URLSearchParams): Format | undefined {
  switch (query.get("encoding")) {
    case "json":
      return "json";
    case "proto":
      return "binary";
    case null:
      return query.has("message") ? undefined : "json";
    default:
      return undefined;
  }
}

function queryMessage(query: URLSearchParams): Uint8Array {
  const message = query.get("message");
  if (message === null) {
    return query.has("encoding") ? new Uint8Array() : Buffer.from("{}");
  }
  if (query.get("base64") !== "1") {
    return Buffer.from(message);
  }
  // A "+" that was not escaped arrives as a space.
  const text = message.replaceAll(" ", "+");
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) {
    throw new ConnectError("query parameter message is not base64", Code.InvalidArgument);
  }
  return Buffer.from(text, "base64");
}
