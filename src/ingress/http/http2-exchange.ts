import {
  constants,
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { PeerCertificate } from "node:tls";
import type { HeaderList } from "../../model/outcome.ts";
import { clientCertificate } from "./client-certificate.ts";
import type { BodySink, Exchange, HttpResponse, NodeExchange } from "./exchange.ts";
import { nodeHeaders } from "./headers.ts";
import type { Http2Connection } from "./http2-connection.ts";

const withEnd = { endStream: true };
const withTrailers = { waitForTrailers: true };

/**
 * What the listeners of a stream refer to. It is emptied when the stream closes, because Node keeps a stream, and so its
 * listeners, until the next full collection.
 */
interface StreamEnds {
  sink: BodySink | undefined;
  onClose: (() => void) | undefined;
}

/**
 * A request of HTTP/2, on the stream itself: the compatibility API of `node:http2` makes two more streams for each,
 * with a dozen listeners.
 */
export class Http2Exchange implements Exchange {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly #stream: ServerHttp2Stream;
  readonly connection: Http2Connection;
  readonly #ends: StreamEnds = { sink: undefined, onClose: undefined };

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
    connection: Http2Connection,
  ) {
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    this.#stream = stream;
    this.connection = connection;
    stream.on("error", ignore); // its close says the same
  }

  get method(): string {
    return this.headers[":method"] ?? "";
  }
  get url(): string {
    return this.headers[":path"] ?? "";
  }
  get scheme(): "http" | "https" {
    return this.#stream.session?.encrypted === true ? "https" : "http";
  }
  get clientCertificate(): PeerCertificate | undefined {
    return clientCertificate(this.#stream.session?.socket);
  }
  get isComplete(): boolean {
    return this.#stream.readableEnded || this.#stream.destroyed;
  }
  get isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }
  get isQueued(): boolean {
    return false;
  }

  onClose(listener: () => void): void {
    const ends = this.#ends;
    const { connection } = this;
    ends.onClose = listener;
    this.#stream.on("close", () => {
      const { onClose } = ends;
      ends.sink = undefined;
      ends.onClose = undefined;
      connection.onStreamClose();
      onClose?.();
    });
  }

  readBody(sink: BodySink): void {
    if (this.headers.expect !== undefined) {
      this.#stream.additionalHeaders({ ":status": 100 });
    }
    this.#read(sink);
  }

  readRest(sink: BodySink): void {
    this.#read(sink);
    this.#stream.resume();
  }

  respond({ status, headers, body, trailers }: HttpResponse, more: HeaderList): void {
    const stream = this.#stream;
    if (this.isGone || stream.headersSent) {
      return;
    }
    const head = nodeHeaders(headers, more);
    head[":status"] = String(status);
    delete head.connection; // HTTP/2 has none
    if (this.method === "HEAD" || (trailers === undefined && body.byteLength === 0)) {
      stream.respond(head, withEnd); // headers and end travel in one frame
      return;
    }
    if (trailers === undefined) {
      stream.respond(head);
    } else {
      stream.respond(head, withTrailers);
      stream.on("wantTrailers", () => stream.sendTrailers(nodeHeaders(trailers)));
    }
    stream.end(body);
  }

  reset(): void {
    // Without an error, a stream first waits until all that was written is read.
    this.#stream.close(this.#stream.writableFinished ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
  }

  resetConnection(): void {
    this.#stream.session?.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #read(sink: BodySink): void {
    const ends = this.#ends;
    if (ends.sink === undefined) {
      this.#stream
        .on("data", (piece: Buffer) => ends.sink?.onData(piece))
        .on("end", () => ends.sink?.onEnd());
    }
    ends.sink = sink;
  }

  toNode(): NodeExchange {
    const request = new Http2ServerRequest(this.#stream, this.headers, {}, [...this.rawHeaders]);
    const response = new Http2ServerResponse(this.#stream);
    request.on("error", ignore);
    if (this.headers.expect !== undefined) {
      response.writeContinue();
    }
    return { request, response };
  }
}

function ignore(): void {}
