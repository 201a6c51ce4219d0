import { Code, ConnectError } from "@connectrpc/connect";
import { parseTimeout, setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
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
import { headerOf, type RequestHeaders } from "../http/headers.ts";
import { acceptedEncodings, compressed, decompressed, type Negotiated, negotiate } from "./compression.ts";
import { responseMetadata } from "./metadata.ts";
import type { Format, HttpAnswer, Protocol, Room } from "./protocol.ts";

/** How a variant of gRPC delivers its trailers. */
export type Trailers = "http" | "body";

/** gRPC, and what gRPC-web shares with it. */
export function grpc(
  contentType: string,
  format: Format,
  trailers: Trailers,
  headers: RequestHeaders,
): Protocol {
  const encodings = negotiate(
    headerOf(headers, "grpc-encoding"),
    headerOf(headers, "grpc-accept-encoding"),
    "grpc-accept-encoding",
  );
  const answer = trailers === "http" ? httpTrailers : bodyTrailers;
  return {
    format,
    isGet: false,
    timeoutMs() {
      const { timeoutMs, error } = parseTimeout(
        headerOf(headers, "grpc-timeout") ?? null,
        Number.MAX_SAFE_INTEGER,
      );
      if (error !== undefined) {
        throw error;
      }
      return timeoutMs;
    },
    maxBodyBytes: (maxMessageBytes) => maxMessageBytes + framePrefixBytes,
    unwrap: async (body, room) => messageOf(onlyFrame(body, trailers), encodings, room),
    async success(reply, signal) {
      const small = await compressed(encodings, reply.message, signal);
      const frame: Frame =
        small === undefined ? { flags: 0, data: reply.message } : { flags: compressedFlag, data: small.data };
      return answer(
        [
          ["content-type", contentType],
          ...(small === undefined ? [] : ([["grpc-encoding", small.encoding]] as const)),
          ...responseMetadata(reply.headers),
        ],
        encodeFrame(frame),
        [...responseMetadata(reply.trailers), ["grpc-status", "0"]],
      );
    },
    failure(error) {
      const headers: HeaderList = [
        ["content-type", contentType],
        ["grpc-accept-encoding", acceptedEncodings],
      ];
      const status = setTrailerStatus(new Headers(), error);
      status.set("grpc-message", encodeGrpcMessage(error.rawMessage));
      // gRPC's "Trailers-Only": one frame, so that no reset can come between headers and status.
      return trailers === "http"
        ? { status: 200, headers: [...headers, ...status], body: new Uint8Array() }
        : bodyTrailers(headers, new Uint8Array(), [...status]);
    },
  };
}

/** The one frame of a request. A third would be one too many as well. */
function onlyFrame(body: Uint8Array, trailers: Trailers): Frame {
  const [first, second] = framesOf(body);
  if (first === undefined) {
    throw new ConnectError("protocol error: the request has no message", Code.Unimplemented);
  }
  // gRPC-web could end a request, too, with a frame of trailers. There is no use for them.
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

async function messageOf(
  { flags, data }: Frame,
  { request, error }: Negotiated,
  room: Room,
): Promise<Uint8Array> {
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

function httpTrailers(headers: HeaderList, body: Uint8Array, trailers: HeaderList): HttpAnswer {
  return { status: 200, headers, body, trailers };
}

/** gRPC-web ends its body with a frame of trailers: a browser can read those without any CORS header. */
function bodyTrailers(headers: HeaderList, message: Uint8Array, trailers: HeaderList): HttpAnswer {
  const data = Buffer.from(trailers.map(([name, value]) => `${name}: ${value}\r\n`).join(""), "latin1");
  const body = Buffer.concat([message, encodeFrame({ flags: trailersFlag, data })]);
  return { status: 200, headers: [...headers, ["content-length", String(body.byteLength)]], body };
}
