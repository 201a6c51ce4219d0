import type { ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus, errorToJson, parseTimeout } from "@connectrpc/connect/protocol-connect";
import type { HeaderList } from "../../model/outcome.ts";
import { headerOf, type RequestHeaders } from "../http/headers.ts";
import { compressed, decompressed, type Negotiated, negotiate } from "./compression.ts";
import { metadataOf, responseMetadata } from "./metadata.ts";
import type { Format, HttpAnswer, Protocol, Room, UnaryReply } from "./protocol.ts";

/** What differs between a Connect POST and a Connect GET. */
export interface ConnectInput {
  readonly format: Format;
  readonly isGet: boolean;
  /** Name of the request's encoding. */
  readonly encoding: string | undefined;
  /** Where the request message is; a GET has it in its query. */
  readonly message: (body: Uint8Array) => Uint8Array;
}

/** The Connect protocol's unary POST, in JSON or binary. */
export function connectPost(format: Format, headers: RequestHeaders): Protocol {
  return connect(headers, {
    format,
    isGet: false,
    encoding: headerOf(headers, "content-encoding"),
    message: (body) => body,
  });
}

/** The Connect protocol for unary methods. Its error messages are JSON, whatever the format of the messages. */
export function connect(headers: RequestHeaders, input: ConnectInput): Protocol {
  const encodings = negotiate(input.encoding, headerOf(headers, "accept-encoding"), "accept-encoding");
  return {
    format: input.format,
    isGet: input.isGet,
    timeoutMs() {
      const { timeoutMs, error } = parseTimeout(
        headerOf(headers, "connect-timeout-ms") ?? null,
        Number.MAX_SAFE_INTEGER,
      );
      if (error !== undefined) {
        throw error;
      }
      return timeoutMs;
    },
    maxBodyBytes: (maxMessageBytes) => maxMessageBytes,
    async unwrap(body, room) {
      if (encodings.error !== undefined) {
        throw encodings.error;
      }
      const message = input.message(body);
      return encodings.request === null
        ? message
        : decompressed(encodings.request, message, input.isGet ? roomOfGet(room) : room);
    },
    success: (reply, signal) => success(input, encodings, reply, signal),
    failure,
  };
}

/** What a link may expand to, bytes: any page can have a browser follow one. */
const maxBytesOfGet = 256 * 1024;

function roomOfGet({ maxMessageBytes, hold }: Room): Room {
  return { maxMessageBytes: Math.min(maxMessageBytes, maxBytesOfGet), hold };
}

async function success(
  { format, isGet }: ConnectInput,
  encodings: Negotiated,
  reply: UnaryReply,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const small = await compressed(encodings, reply.message, signal);
  const body = small?.data ?? reply.message;
  const headers: HeaderList = [
    ["content-type", format === "json" ? "application/json" : "application/proto"],
    ["content-length", String(body.byteLength)],
    ...(small === undefined ? [] : ([["content-encoding", small.encoding]] as const)),
    // A GET may be cached, in one encoding of several.
    ...(isGet ? ([["vary", "Accept-Encoding"]] as const) : []),
    ...responseMetadata(reply.headers),
    ...responseMetadata(reply.trailers).map(([name, value]) => [`trailer-${name}`, value] as const),
  ];
  return { status: 200, headers, body };
}

/** An error as the Connect protocol tells it. */
function failure(error: ConnectError): HttpAnswer {
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
