import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpResponse } from "../../http/http.ts";
import { codeFromHttpStatus } from "../../wire/codes.ts";
import {
  compressedFlag,
  decodeFrames,
  encodeFrame,
  type Frame,
  framePrefixBytes,
  trailersFlag,
} from "../../wire/grpc-frame.ts";
import { decodeGrpcMessage } from "../../wire/grpc-message.ts";
import { readGrpcStatus } from "../../wire/grpc-status.ts";
import { areTrailersOk, decodeTrailers } from "../../wire/grpc-web-trailers.ts";
import { mediaType } from "../../wire/media-type.ts";
import type { Format } from "../../wire/message-format.ts";
import type { Compressor } from "./compression.ts";
import { grpcTimeout } from "./grpc-timeout.ts";
import type { ReceivedMessage, UnaryProtocol } from "./protocol.ts";

/** A message, trailers, and one frame that is too many. */
const maxFrames = 3;

/** The trailers of a gRPC-web response are a frame of its body: they may be as large as headers. */
const maxTrailerBytes = 64 * 1024;

type GrpcProtocol = "grpc" | "grpc-web";

/** gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) and gRPC-web, unary. */
export function grpcProtocol(protocol: GrpcProtocol, format: Format, compressor?: Compressor): UnaryProtocol {
  const contentType = `application/${protocol}+${format === "binary" ? "proto" : "json"}`;
  return {
    contentType,
    header: {
      ...compressor?.acceptHeader("grpc-accept-encoding"),
      ...(compressor?.encoding === undefined ? undefined : { "grpc-encoding": compressor.encoding }),
      // "te" asks proxies that lose trailers to refuse the request.
      ...(protocol === "grpc" ? { te: "trailers" } : { "x-grpc-web": "1" }),
    },
    timeoutHeader: grpcTimeout,
    maxBodyBytes: (maxMessageBytes) => maxMessageBytes + 2 * framePrefixBytes + maxTrailerBytes,
    write: (message) =>
      compressor?.compress(message)?.then((data) => ({
        bytes: encodeFrame({ flags: compressedFlag, data }),
      })) ?? { bytes: encodeFrame({ flags: 0, data: message }) },
    async read(response, url) {
      const headerError = await readHead(response, protocol, contentType, url);
      const frames = await framesOf(response, compressor);
      const trailer = protocol === "grpc" ? httpTrailer(response) : bodyTrailer(frames);
      if (trailer === undefined) {
        throw headerError ?? missingTrailer(response, url);
      }
      // The status of a success has no details: the common case needs no Headers.
      if (!trailer.isOk) {
        refuseErrorStatus(trailer.headers(), response);
      }
      return receivedMessage(frames, response, trailer, headerError);
    },
  };
}

/**
 * Reads the head of a response: an error without a body ("Trailers-Only"), or mostly nothing. Where it has a
 * `grpc-status` a server of the protocol answered, even if the content type is another: Restate 0.x answers gRPC-web as gRPC
 * when it refuses a request.
 */
async function readHead(
  response: HttpResponse,
  protocol: GrpcProtocol,
  contentType: string,
  url: string,
): Promise<ConnectError | undefined> {
  const { status } = response;
  const type = mediaType(response.get("content-type"));
  const hasStatus =
    response.get("grpc-status") !== undefined || response.get("grpc-status-details-bin") !== undefined;
  const isHidden = response.hidesHeaders && protocol === "grpc-web" && response.body.byteLength === 0;
  if (!hasStatus && !type.startsWith(`application/${protocol}`)) {
    if (isHidden && type.startsWith("application/grpc")) {
      throw hiddenStatus(url);
    }
    const { explainResponse } = await import("../../http/explain-response.ts");
    throw explainResponse(url, contentType, response, textOf(response));
  }
  // For the `grpc-web` package, all statuses from 200 to 299 are a success.
  if (protocol === "grpc" ? status !== 200 : status < 200 || status > 299) {
    const message = response.get("grpc-message");
    throw new ConnectError(
      message === undefined ? `HTTP ${status}` : decodeGrpcMessage(message),
      codeFromHttpStatus(status),
      response.header,
    );
  }
  return hasStatus ? readGrpcStatus(response.header) : undefined;
}

function missingTrailer(response: HttpResponse, url: string): ConnectError {
  if (response.get("grpc-status") !== undefined) {
    return protocolError("missing trailer", Code.Unimplemented);
  }
  return response.hidesHeaders && response.body.byteLength === 0
    ? hiddenStatus(url)
    : protocolError("missing trailer", Code.Unknown);
}

/** A page sees those headers of another origin only that its server exposes to it. */
function hiddenStatus(url: string): ConnectError {
  return new ConnectError(
    `${url} answered with headers alone, and does not show this page the status in them (CORS). The server must list ` +
      'grpc-status and grpc-message in access-control-expose-headers. Or use protocol: "connect", whose errors are in the body',
    Code.Unknown,
  );
}

/** Throws the error that trailers carry. */
function refuseErrorStatus(trailer: Headers, response: HttpResponse): void {
  const error = readGrpcStatus(trailer);
  if (error !== undefined) {
    for (const [name, value] of response.header) {
      error.metadata.append(name, value);
    }
    throw error;
  }
  if (!trailer.has("grpc-status") && response.get("grpc-status") === undefined) {
    throw protocolError("missing status", Code.Internal);
  }
}

/** The one message of a successful response. */
function receivedMessage(
  frames: readonly Frame[],
  response: HttpResponse,
  trailer: Trailer,
  headerError: ConnectError | undefined,
): ReceivedMessage {
  const [message, extra] = frames.filter(isMessage);
  if (message === undefined) {
    const code = trailer.headers().has("grpc-status") ? Code.Unimplemented : Code.Unknown;
    throw headerError ?? protocolError("missing output message for unary method", code);
  }
  if (extra !== undefined) {
    throw protocolError("received extra output message for unary method", Code.Unimplemented);
  }
  if (headerError !== undefined) {
    throw protocolError("received output message for unary method with error status", Code.Unknown);
  }
  return new GrpcMessage(message.data, response, trailer);
}

class GrpcMessage implements ReceivedMessage {
  readonly message: Uint8Array;
  readonly #response: HttpResponse;
  readonly #trailer: Trailer;

  constructor(message: Uint8Array, response: HttpResponse, trailer: Trailer) {
    this.message = message;
    this.#response = response;
    this.#trailer = trailer;
  }

  get header(): Headers {
    return this.#response.header;
  }

  get trailer(): Headers {
    return this.#trailer.headers();
  }
}

/** The frames of a body, decompressed. */
async function framesOf(response: HttpResponse, compressor?: Compressor): Promise<readonly Frame[]> {
  const frames = splitFrames(response.body);
  for (const { data } of frames) {
    if (compressor !== undefined && data.byteLength > compressor.maxBytes) {
      throw new ConnectError(
        `the response is larger than readMaxBytes: ${data.byteLength} of ${compressor.maxBytes} bytes`,
        Code.ResourceExhausted,
      );
    }
  }
  if (frames.every(({ flags }) => (flags & compressedFlag) === 0)) {
    return frames;
  }
  const encoding = response.get("grpc-encoding");
  if (encoding === undefined || encoding === "identity") {
    throw protocolError("received a compressed message, but the response names no encoding", Code.Internal);
  }
  if (compressor === undefined) {
    throw protocolError(
      `received a message compressed with ${encoding}, which fetch does not decompress`,
      Code.Internal,
    );
  }
  return await Promise.all(
    frames.map(async (frame) =>
      (frame.flags & compressedFlag) === 0
        ? frame
        : { ...frame, data: await compressor.decompress(frame.data, encoding, response.header) },
    ),
  );
}

function splitFrames(body: Uint8Array): readonly Frame[] {
  try {
    return decodeFrames(body, maxFrames);
  } catch (cause) {
    throw protocolError((cause as RangeError).message, Code.InvalidArgument);
  }
}

function isMessage({ flags }: Frame): boolean {
  return (flags & trailersFlag) === 0;
}

/** Trailers, wherever they were. */
interface Trailer {
  /** Whether they are a plain success: status 0, without details. */
  readonly isOk: boolean;
  headers(): Headers;
}

function httpTrailer(response: HttpResponse): Trailer {
  const isOk =
    response.getTrailer("grpc-status") === "0" &&
    response.getTrailer("grpc-status-details-bin") === undefined;
  return { isOk, headers: () => response.trailer };
}

function bodyTrailer(frames: readonly Frame[]): Trailer | undefined {
  const [frame, extra] = frames.filter((one) => !isMessage(one));
  if (frame === undefined) {
    return undefined;
  }
  if (extra !== undefined) {
    throw protocolError("received extra trailer", Code.Unimplemented);
  }
  let headers: Headers | undefined;
  return {
    isOk: areTrailersOk(frame.data),
    headers: () => {
      headers ??= decodeTrailers(frame.data);
      return headers;
    },
  };
}

function protocolError(what: string, code: Code): ConnectError {
  return new ConnectError(`protocol error: ${what}`, code);
}

function textOf(response: HttpResponse): string {
  return mediaType(response.get("content-type")) === "application/json"
    ? new TextDecoder().decode(response.body)
    : "";
}
