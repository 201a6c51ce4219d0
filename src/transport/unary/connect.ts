import { ConnectError } from "@connectrpc/connect";
import {
  codeFromHttpStatus,
  contentTypeUnaryJson,
  contentTypeUnaryProto,
  errorFromJsonBytes,
  trailerDemux,
} from "@connectrpc/connect/protocol-connect";
import { explainResponse, isConnectError, mediaType } from "../../http/explain-response.ts";
import type { HttpResponse } from "../../http/http.ts";
import type { Format } from "../../wire/payload.ts";
import { respellCancelled } from "./cancelled.ts";
import { acceptHeader, type CompressionOptions, compress, decompress, isEncoded } from "./compression.ts";
import type { UnaryAnswer, UnaryProtocol } from "./protocol.ts";

/** The most that the protocol's header can say: ten digits of milliseconds. */
const maxTimeoutMs = 9_999_999_999;

/** The Connect protocol (https://connectrpc.com/docs/protocol), unary. */
export function connectProtocol(format: Format, compression: CompressionOptions): UnaryProtocol {
  const contentType = format === "binary" ? contentTypeUnaryProto : contentTypeUnaryJson;

  /** The body, decompressed: by `fetch`, or here. */
  function bodyOf(response: HttpResponse): Uint8Array | Promise<Uint8Array> {
    const encoding = response.get("content-encoding");
    return compression.accepted.length > 0 && isEncoded(encoding)
      ? decompress(response.body, encoding, response.header, compression)
      : response.body;
  }

  async function readError(response: HttpResponse, url: string): Promise<never> {
    const { status, header } = response;
    const isJson = mediaType(response.get("content-type")) === contentTypeUnaryJson;
    const text = isJson ? respellCancelled(new TextDecoder().decode(await bodyOf(response))) : "";
    if (status === 200 || !isConnectError(status, text)) {
      throw explainResponse(url, contentType, response, text);
    }
    const [metadata, trailer] = trailerDemux(header);
    for (const [name, value] of trailer) {
      metadata.append(name, value);
    }
    // Gets the metadata when it is used.
    const fallback = new ConnectError(`HTTP ${status}`, codeFromHttpStatus(status));
    throw errorFromJsonBytes(new TextEncoder().encode(text), metadata, fallback);
  }

  return {
    contentType,
    header: { "connect-protocol-version": "1", ...acceptHeader("accept-encoding", compression) },
    timeoutHeader: (timeoutMs) =>
      timeoutMs > maxTimeoutMs ? undefined : { "connect-timeout-ms": String(Math.ceil(timeoutMs)) },
    maxBodyBytes: (maxMessageBytes) => maxMessageBytes,
    write(message) {
      const encoding = compression.send?.name ?? "identity";
      return compress(message, compression)?.then((bytes) => ({ bytes, encoding })) ?? { bytes: message };
    },
    read(response, url) {
      if (response.status !== 200 || mediaType(response.get("content-type")) !== contentType) {
        return readError(response, url);
      }
      const body = bodyOf(response);
      return body instanceof Uint8Array
        ? answer(response, body)
        : body.then((message) => answer(response, message));
    },
  };
}

/** The trailers of a unary answer travel among its headers, and are told apart when somebody looks. */
function answer(response: HttpResponse, message: Uint8Array): UnaryAnswer {
  let demuxed: [Headers, Headers] | undefined;
  const demux = () => {
    demuxed ??= trailerDemux(response.header);
    return demuxed;
  };
  return {
    message,
    get header() {
      return demux()[0];
    },
    get trailer() {
      return demux()[1];
    },
  };
}
