import type { HttpResponse } from "../../http/http.ts";
import { readConnectError } from "../../wire/connect-error.ts";
import { contentTypes } from "../../wire/content-types.ts";
import { mediaType } from "../../wire/media-type.ts";
import type { Format } from "../../wire/message-format.ts";
import type { Compressor } from "./compression.ts";
import type { ReceivedMessage, UnaryProtocol } from "./protocol.ts";

/** The most that the protocol's header can say: ten digits of milliseconds. */
const maxTimeoutMs = 9_999_999_999;

/** The Connect protocol (https://connectrpc.com/docs/protocol), unary. */
export function connectProtocol(format: Format, compressor?: Compressor): UnaryProtocol {
  const contentType = contentTypes[format];

  /** The body, decompressed: by `fetch`, or here. */
  function bodyOf(response: HttpResponse): Uint8Array | Promise<Uint8Array> {
    const encoding = response.get("content-encoding");
    return compressor?.isEncoded(encoding)
      ? compressor.decompress(response.body, encoding, response.header)
      : response.body;
  }

  async function readError(response: HttpResponse, url: string): Promise<never> {
    const isJson = mediaType(response.get("content-type")) === contentTypes.json;
    const text = isJson ? new TextDecoder().decode(await bodyOf(response)) : "";
    const [metadata, trailer] = splitTrailers(response.header);
    for (const [name, value] of trailer) {
      metadata.append(name, value);
    }
    const error = response.status === 200 ? undefined : readConnectError(response.status, text, metadata);
    if (error !== undefined) {
      throw error;
    }
    const { explainResponse } = await import("../../http/explain-response.ts");
    throw explainResponse(url, contentType, response, text);
  }

  return {
    contentType,
    header: { "connect-protocol-version": "1", ...compressor?.acceptHeader("accept-encoding") },
    timeoutHeader: (timeoutMs) =>
      timeoutMs > maxTimeoutMs ? undefined : { "connect-timeout-ms": String(Math.ceil(timeoutMs)) },
    maxBodyBytes: (maxMessageBytes) => maxMessageBytes,
    write(message) {
      const encoding = compressor?.encoding;
      return compressor?.compress(message)?.then((bytes) => ({ bytes, encoding })) ?? { bytes: message };
    },
    read(response, url) {
      if (response.status !== 200 || mediaType(response.get("content-type")) !== contentType) {
        return readError(response, url);
      }
      const body = bodyOf(response);
      return "then" in body
        ? body.then((message) => new ConnectMessage(response, message))
        : new ConnectMessage(response, body);
    },
  };
}

class ConnectMessage implements ReceivedMessage {
  readonly message: Uint8Array;
  readonly #response: HttpResponse;
  #parts: readonly [header: Headers, trailer: Headers] | undefined;

  constructor(response: HttpResponse, message: Uint8Array) {
    this.message = message;
    this.#response = response;
  }

  get header(): Headers {
    return this.#split()[0];
  }

  get trailer(): Headers {
    return this.#split()[1];
  }

  #split(): readonly [Headers, Headers] {
    this.#parts ??= splitTrailers(this.#response.header);
    return this.#parts;
  }
}

/** The trailers of a unary response travel among its headers, each with a prefix. */
function splitTrailers(received: Headers): readonly [header: Headers, trailer: Headers] {
  const header = new Headers();
  const trailer = new Headers();
  for (const [name, value] of received) {
    if (name.startsWith("trailer-")) {
      trailer.append(name.slice("trailer-".length), value);
    } else {
      header.append(name, value);
    }
  }
  return [header, trailer];
}
