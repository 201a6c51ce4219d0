import { Code, ConnectError } from "@connectrpc/connect";
import { validateResponse, validateTrailer } from "@connectrpc/connect/protocol-grpc";
import { trailerParse, validateResponse as validateWebResponse } from "@connectrpc/connect/protocol-grpc-web";
import { explainResponse, mediaType } from "../../http/explain-response.ts";
import type { HttpResponse } from "../../http/http.ts";
import {
  compressedFlag,
  decodeFrames,
  encodeFrame,
  type Frame,
  framePrefixBytes,
  trailersFlag,
} from "../../wire/grpc-frame.ts";
import type { Format } from "../../wire/payload.ts";
import { acceptHeader, type CompressionOptions, compress, decompress, isEncoded } from "./compression.ts";
import { grpcTimeout } from "./grpc-timeout.ts";
import { legibleStatus } from "./legible-status.ts";
import type { UnaryAnswer, UnaryProtocol } from "./protocol.ts";

/** A message, trailers, and one that is too many. */
const maxFrames = 3;

/** The trailers of a gRPC-web response are a frame of its body: they may be as large as headers. */
const maxTrailerBytes = 64 * 1024;

/** gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) and gRPC-web, unary. */
export function grpcProtocol(
  protocol: "grpc" | "grpc-web",
  format: Format,
  compression: CompressionOptions,
): UnaryProtocol {
  const contentType = `application/${protocol}+${format === "binary" ? "proto" : "json"}`;
  return {
    contentType,
    header: {
      ...acceptHeader("grpc-accept-encoding", compression),
      ...(compression.send === undefined ? {} : { "grpc-encoding": compression.send.name }),
      // "te" asks proxies that lose trailers to refuse the request.
      ...(protocol === "grpc" ? { te: "trailers" } : { "x-grpc-web": "1" }),
    },
    timeoutHeader: grpcTimeout,
    maxBodyBytes: (maxMessageBytes) => maxMessageBytes + 2 * framePrefixBytes + maxTrailerBytes,
    write: (message) =>
      compress(message, compression)?.then((data) => ({
        bytes: encodeFrame({ flags: compressedFlag, data }),
      })) ?? { bytes: encodeFrame({ flags: 0, data: message }) },
    async read(response, url) {
      if (!mediaType(response.get("content-type")).startsWith(`application/${protocol}`)) {
        throw explainResponse(url, contentType, response, textOf(response));
      }
      const { headerError, foundStatus } = headStatus(response, protocol);
      const frames = await framesOf(response, compression);
      const trailer = protocol === "grpc" ? httpTrailer(response) : bodyTrailer(frames);
      if (trailer === undefined) {
        throw (
          headerError ?? protocolError("missing trailer", foundStatus ? Code.Unimplemented : Code.Unknown)
        );
      }
      // The status of a success has no details: the common case needs no Headers.
      if (trailer.get("grpc-status") !== "0" || trailer.get("grpc-status-details-bin") !== undefined) {
        validateTrailer(legibleStatus(trailer.headers()), response.header);
      }
      const [message, extra] = frames.filter(isMessage);
      if (message === undefined) {
        const code = trailer.get("grpc-status") === undefined ? Code.Unknown : Code.Unimplemented;
        throw headerError ?? protocolError("missing output message for unary method", code);
      }
      if (extra !== undefined) {
        throw protocolError("received extra output message for unary method", Code.Unimplemented);
      }
      if (headerError !== undefined) {
        throw protocolError("received output message for unary method with error status", Code.Unknown);
      }
      return answer(message.data, response, trailer);
    },
  };
}

/** What the headers say: an error without a body ("Trailers-Only"), or mostly nothing. */
function headStatus(
  response: HttpResponse,
  protocol: "grpc" | "grpc-web",
): { readonly foundStatus: boolean; readonly headerError?: ConnectError | undefined } {
  const { status, get } = response;
  const isPlain =
    status === 200 && get("grpc-status") === undefined && get("grpc-status-details-bin") === undefined;
  // The common case needs no Headers.
  return isPlain
    ? { foundStatus: false }
    : (protocol === "grpc" ? validateResponse : validateWebResponse)(status, legibleStatus(response.header));
}

/** The frames of a body, decompressed. */
async function framesOf(response: HttpResponse, compression: CompressionOptions): Promise<readonly Frame[]> {
  let frames: readonly Frame[];
  try {
    frames = decodeFrames(response.body, maxFrames);
  } catch (cause) {
    throw protocolError((cause as RangeError).message, Code.InvalidArgument);
  }
  for (const { data } of frames) {
    if (data.byteLength > compression.maxBytes) {
      throw new ConnectError(
        `the answer is larger than readMaxBytes: ${data.byteLength} of ${compression.maxBytes} bytes`,
        Code.ResourceExhausted,
      );
    }
  }
  if (frames.every(({ flags }) => (flags & compressedFlag) === 0)) {
    return frames;
  }
  const encoding = response.get("grpc-encoding");
  if (!isEncoded(encoding)) {
    throw protocolError("received a compressed message, but the response names no encoding", Code.Internal);
  }
  return await Promise.all(
    frames.map(async (frame) =>
      (frame.flags & compressedFlag) === 0
        ? frame
        : { ...frame, data: await decompress(frame.data, encoding, response.header, compression) },
    ),
  );
}

function isMessage({ flags }: Frame): boolean {
  return (flags & trailersFlag) === 0;
}

/** Trailers, wherever they were. */
interface Trailer {
  get(name: string): string | undefined;
  headers(): Headers;
}

function httpTrailer(response: HttpResponse): Trailer {
  return { get: response.getTrailer, headers: () => response.trailer };
}

function bodyTrailer(frames: readonly Frame[]): Trailer | undefined {
  const [frame, extra] = frames.filter((one) => !isMessage(one));
  if (frame === undefined) {
    return undefined;
  }
  if (extra !== undefined) {
    throw protocolError("received extra trailer", Code.Unimplemented);
  }
  const headers = trailerParse(frame.data);
  return { get: (name) => headers.get(name) ?? undefined, headers: () => headers };
}

function protocolError(what: string, code: Code): ConnectError {
  return new ConnectError(`protocol error: ${what}`, code);
}

function answer(message: Uint8Array, response: HttpResponse, trailer: Trailer): UnaryAnswer {
  return {
    message,
    get header() {
      return response.header;
    },
    get trailer() {
      return trailer.headers();
    },
  };
}

function textOf({ get, body }: HttpResponse): string {
  return mediaType(get("content-type")) === "application/json" ? new TextDecoder().decode(body) : "";
}
