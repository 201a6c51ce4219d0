import type { ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus, errorToJson, parseTimeout } from "@connectrpc/connect/protocol-connect";
import type { AbortNotice } from "../../model/abort-notice.ts";
import { type Awaitable, andThen } from "../../model/awaitable.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerOf, type RequestHeaders } from "../http/headers.ts";
import { isWorthCompressing } from "./compress.ts";
import { type Compressed, compressed, decompressed, type Negotiated, negotiate } from "./compression.ts";
import { metadataOf, responseMetadata } from "./metadata.ts";
import type { Format, Protocol, Room, UnaryResponse } from "./protocol.ts";

/** The Connect protocol for unary methods. Its errors are JSON, regardless of the format of the messages. */
export class ConnectProtocol implements Protocol {
  readonly name = "connect";
  readonly format: Format;
  readonly #headers: RequestHeaders;
  #encodings: Negotiated | undefined;

  constructor(format: Format, headers: RequestHeaders) {
    this.format = format;
    this.#headers = headers;
  }

  get isGet(): boolean {
    return false;
  }

  timeoutMs(): number | undefined {
    const header = headerOf(this.#headers, "connect-timeout-ms");
    if (header === undefined) {
      return undefined;
    }
    const { timeoutMs, error } = parseTimeout(header, Number.MAX_SAFE_INTEGER);
    if (error !== undefined) {
      throw error;
    }
    return timeoutMs;
  }

  maxBodyBytes(maxMessageBytes: number): number {
    return maxMessageBytes;
  }

  unwrap(body: Uint8Array, room: Room): Awaitable<Uint8Array> {
    const message = this.messageOf(body);
    if (this.encoding() === undefined) {
      return message;
    }
    const { request, error } = this.#negotiate();
    if (error !== undefined) {
      throw error;
    }
    return request === null ? message : decompressed(request, message, this.roomFor(room));
  }

  success(response: UnaryResponse, signal?: AbortNotice): Awaitable<HttpResponse> {
    return isWorthCompressing(response.message)
      ? andThen(compressed(this.#negotiate(), response.message, signal), (small) =>
          this.#respond(response, small),
        )
      : this.#respond(response, undefined);
  }

  /** An error in the form of the Connect protocol. */
  failure(error: ConnectError): HttpResponse {
    const body = Buffer.from(JSON.stringify(errorToJson(error, undefined)));
    return {
      status: codeToHttpStatus(error.code),
      headers: [
        ["content-type", "application/json"],
        ["content-length", String(body.byteLength)],
        ...metadataOf(error.metadata),
      ],
      body,
    };
  }

  /** How large a message may become once it is decompressed. */
  protected roomFor(room: Room): Room {
    return room;
  }

  /** Where the request message is. */
  protected messageOf(body: Uint8Array): Uint8Array {
    return body;
  }

  /** The name of the request's encoding. */
  protected encoding(): string | undefined {
    return headerOf(this.#headers, "content-encoding");
  }

  #negotiate(): Negotiated {
    const accepted = headerOf(this.#headers, "accept-encoding");
    this.#encodings ??= negotiate(this.encoding(), accepted, "accept-encoding");
    return this.#encodings;
  }

  #respond({ message, headers, trailers }: UnaryResponse, small: Compressed | undefined): HttpResponse {
    const body = small?.data ?? message;
    const list: [string, string][] = [
      ["content-type", this.format === "json" ? "application/json" : "application/proto"],
      ["content-length", String(body.byteLength)],
    ];
    if (small !== undefined) {
      list.push(["content-encoding", small.encoding]);
    }
    if (this.isGet) {
      list.push(["vary", "Accept-Encoding"]); // a GET may be cached, in one encoding of several
    }
    for (const [name, value] of responseMetadata(headers)) {
      list.push([name, value]);
    }
    for (const [name, value] of responseMetadata(trailers)) {
      list.push([`trailer-${name}`, value]);
    }
    return { status: 200, headers: list, body };
  }
}
