import { Code, ConnectError } from "@connectrpc/connect";
import type { RequestHeaders } from "../http/headers.ts";
import { ConnectProtocol } from "./connect.ts";
import type { Format, Protocol, Room } from "./protocol.ts";

/**
 * The Connect protocol's GET, with the message in the query. A GET without a query asks with the empty
 * message and gets JSON, as in Restate 0.x, so that a browser's address bar can ask.
 *
 * @returns undefined when the query asks for an unknown message format.
 */
export function connectGet(rawQuery: string, headers: RequestHeaders): Protocol | undefined {
  const query = new URLSearchParams(rawQuery);
  const format = queryFormat(query);
  if (format === undefined) {
    return undefined;
  }
  return new ConnectGet(format, headers, rawQuery, query);
}

/** What a link may expand to, bytes: any page can have a browser follow one. */
const maxBytes = 256 * 1024;

class ConnectGet extends ConnectProtocol {
  readonly #rawQuery: string;
  readonly #query: URLSearchParams;

  constructor(format: Format, headers: RequestHeaders, rawQuery: string, query: URLSearchParams) {
    super(format, headers);
    this.#rawQuery = rawQuery;
    this.#query = query;
  }

  override get isGet(): boolean {
    return true;
  }

  protected override roomFor(room: Room): Room {
    const maxMessageBytes = Math.min(room.maxMessageBytes, maxBytes);
    return { maxMessageBytes, hold: (bytes) => room.hold(bytes) };
  }

  protected override messageOf(): Uint8Array {
    return queryMessage(this.#rawQuery, this.#query);
  }

  protected override encoding(): string | undefined {
    return this.#query.get("compression") ?? undefined;
  }
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

function queryMessage(rawQuery: string, query: URLSearchParams): Uint8Array {
  const message = query.get("message");
  if (message === null) {
    return query.has("encoding") ? new Uint8Array() : Buffer.from("{}");
  }
  if (query.get("base64") !== "1") {
    return messageBytes(rawQuery);
  }
  // A "+" that was not escaped arrives as a space.
  const text = message.replaceAll(" ", "+");
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) {
    throw new ConnectError("query parameter message is not base64", Code.InvalidArgument);
  }
  return Buffer.from(text, "base64");
}

/** The message as bytes: in binary it need not be UTF-8, which is all that `URLSearchParams` can hold. */
function messageBytes(rawQuery: string): Uint8Array {
  const name = "message=";
  const parameter = rawQuery.split("&").find((part) => part.startsWith(name)) ?? name;
  const text = parameter.slice(name.length).replaceAll("+", " ");
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}
