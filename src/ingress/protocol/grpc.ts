import { Code, ConnectError } from "@connectrpc/connect";
import { parseTimeout, setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import type { AbortNotice } from "../../model/abort-notice.ts";
import { type Awaitable, andThen } from "../../model/awaitable.ts";
import type { HeaderList } from "../../model/outcome.ts";
import {
  compressedFlag,
  decodeFrames,
  encodeFrame,
  type Frame,
  framePrefixBytes,
  trailersFlag,
} from "../../wire/grpc-frame.ts";
import { encodeGrpcMessage } from "../../wire/grpc-message.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerOf, type RequestHeaders } from "../http/headers.ts";
import { isWorthCompressing } from "./compress.ts";
import {
  acceptedEncodings,
  type Compressed,
  compressed,
  decompressed,
  type Negotiated,
  negotiate,
} from "./compression.ts";
import { responseMetadata } from "./metadata.ts";
import type { Format, Protocol, ProtocolName, Room, UnaryResponse } from "./protocol.ts";

/** How a variant of gRPC delivers its trailers. */
export type Trailers = "http" | "body";

const success: HeaderList = [["grpc-status", "0"]];
const noBytes = new Uint8Array();

/** gRPC, and what gRPC-web shares with it. */
export class GrpcProtocol implements Protocol {
  readonly format: Format;
  readonly name: ProtocolName;
  readonly isGet = false;
  readonly #contentType: string;
  readonly #trailers: Trailers;
  readonly #headers: RequestHeaders;
  #encodings: Negotiated | undefined;

  constructor(contentType: string, format: Format, trailers: Trailers, headers: RequestHeaders) {
    this.format = format;
    this.name = trailers === "http" ? "grpc" : "grpc-web";
    this.#contentType = contentType;
    this.#trailers = trailers;
    this.#headers = headers;
  }

  timeoutMs(): number | undefined {
    const header = headerOf(this.#headers, "grpc-timeout");
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
    return maxMessageBytes + framePrefixBytes;
  }

  unwrap(body: Uint8Array, room: Room): Awaitable<Uint8Array> {
    const { flags, data } = onlyFrame(body, this.#trailers);
    const encoding = headerOf(this.#headers, "grpc-encoding");
    if (flags !== compressedFlag && encoding === undefined) {
      return data;
    }
    const { request, error } = this.#negotiate();
    if (error !== undefined) {
      throw error;
    }
    if (flags !== compressedFlag) {
      return data;
    }
    if (request === null) {
      throw new ConnectError(
        "protocol error: received a compressed message, but the request names no encoding",
        Code.Internal,
      );
    }
    return decompressed(request, data, room);
  }

  success(response: UnaryResponse, signal?: AbortNotice): Awaitable<HttpResponse> {
    return isWorthCompressing(response.message)
      ? andThen(compressed(this.#negotiate(), response.message, signal), (small) =>
          this.#respond(response, small),
        )
      : this.#respond(response, undefined);
  }

  failure(error: ConnectError): HttpResponse {
    const headers: HeaderList = [
      ["content-type", this.#contentType],
      ["grpc-accept-encoding", acceptedEncodings],
    ];
    const status = setTrailerStatus(new Headers(), error);
    status.set("grpc-message", encodeGrpcMessage(error.rawMessage));
    // gRPC's "Trailers-Only": one frame, so that no reset can come between headers and status.
    return this.#trailers === "http"
      ? { status: 200, headers: [...headers, ...status], body: noBytes }
      : withTrailersInBody(headers, noBytes, [...status]);
  }

  #negotiate(): Negotiated {
    this.#encodings ??= negotiate(
      headerOf(this.#headers, "grpc-encoding"),
      headerOf(this.#headers, "grpc-accept-encoding"),
      "grpc-accept-encoding",
    );
    return this.#encodings;
  }

  #respond({ message, headers, trailers }: UnaryResponse, small: Compressed | undefined): HttpResponse {
    const frame: Frame =
      small === undefined ? { flags: 0, data: message } : { flags: compressedFlag, data: small.data };
    const list: (readonly [string, string])[] = [["content-type", this.#contentType]];
    if (small !== undefined) {
      list.push(["grpc-encoding", small.encoding]);
    }
    list.push(...responseMetadata(headers));
    const body = encodeFrame(frame);
    const end = trailers.length === 0 ? success : [...responseMetadata(trailers), ...success];
    return this.#trailers === "http"
      ? { status: 200, headers: list, body, trailers: end }
      : withTrailersInBody(list, body, end);
  }
}

/** The one frame of a request. A third would be one too many as well. */
function onlyFrame(body: Uint8Array, trailers: Trailers): Frame {
  const [first, second] = framesOf(body);
  if (first === undefined) {
    throw new ConnectError("protocol error: the request has no message", Code.Unimplemented);
  }
  // gRPC-web could also end a request with a frame of trailers. They have no use here.
  if (second !== undefined && !(trailers === "body" && second.flags === trailersFlag)) {
    throw new ConnectError(
      "protocol error: the request of a unary method has more than one message",
      Code.Unimplemented,
    );
  }
  if (first.flags !== 0 && first.flags !== compressedFlag) {
    throw new ConnectError(
      `protocol error: a message's frame has flags ${first.flags}: only 0 and ${compressedFlag} are known`,
      Code.Internal,
    );
  }
  return first;
}

function framesOf(body: Uint8Array): Frame[] {
  try {
    return decodeFrames(body, 2);
  } catch (cause) {
    throw new ConnectError(`protocol error: ${(cause as RangeError).message}`, Code.InvalidArgument);
  }
}

/**
 * gRPC-web ends its body with a frame of trailers: a browser can read those without any CORS header. Its specification
 * names no encoding for what is not ASCII; clients decode it as UTF-8, as Connect-ES does.
 */
function withTrailersInBody(headers: HeaderList, message: Uint8Array, trailers: HeaderList): HttpResponse {
  const body = Buffer.concat([message, trailers === success ? successFrame : trailersFrame(trailers)]);
  return { status: 200, headers: [...headers, ["content-length", String(body.byteLength)]], body };
}

function trailersFrame(trailers: HeaderList): Uint8Array {
  const text = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return encodeFrame({ flags: trailersFlag, data: Buffer.from(text) });
}

const successFrame = trailersFrame(success);
