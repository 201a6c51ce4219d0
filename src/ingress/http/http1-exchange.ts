import type { IncomingMessage, ServerResponse } from "node:http";
import { type PeerCertificate, TLSSocket } from "node:tls";
import { endInOnePiece } from "../../http/end-in-one-piece.ts";
import type { HeaderList } from "../../model/outcome.ts";
import { clientCertificate } from "./client-certificate.ts";
import type { BodySink, Exchange, HttpResponse, NodeExchange } from "./exchange.ts";
import { flatHeaders } from "./headers.ts";

/** What the exchanges of a port share. */
export interface Http1Port {
  /** Whether the server closes: then each response closes its connection. */
  isClosing: boolean;
}

/** A request of HTTP/1.1. */
export class Http1Exchange implements Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #port: Http1Port;

  constructor(request: IncomingMessage, response: ServerResponse, port: Http1Port) {
    this.#request = request;
    this.#response = response;
    this.#port = port;
  }

  get method(): string {
    return this.#request.method ?? "";
  }
  get url(): string {
    return this.#request.url ?? "";
  }
  get scheme(): "http" | "https" {
    return this.#request.socket instanceof TLSSocket ? "https" : "http";
  }
  get headers(): IncomingMessage["headers"] {
    return this.#request.headers;
  }
  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders;
  }
  get clientCertificate(): PeerCertificate | undefined {
    return clientCertificate(this.#request.socket);
  }
  get connection(): object {
    return this.#request.socket;
  }
  get isComplete(): boolean {
    return this.#request.complete;
  }
  get isGone(): boolean {
    return this.#response.destroyed || this.#response.writableFinished;
  }
  get isQueued(): boolean {
    return this.#response.socket === null && !this.#response.writableFinished;
  }

  onClose(listener: () => void): void {
    this.#response.on("close", listener);
  }

  readBody(sink: BodySink): void {
    if (this.#request.headers.expect !== undefined) {
      this.#response.writeContinue();
    }
    this.#request.on("data", (piece: Buffer) => sink.onData(piece)).on("end", () => sink.onEnd());
  }

  readRest(sink: BodySink): void {
    this.#request.on("data", (piece: Buffer) => sink.onData(piece)).once("end", () => sink.onEnd());
    this.#request.resume();
  }

  respond({ status, headers, body, trailers }: HttpResponse, more: HeaderList): void {
    const response = this.#response;
    if (this.isGone || response.headersSent) {
      return;
    }
    const flat = flatHeaders(headers, more);
    if (this.#port.isClosing || this.#mayKeepBody()) {
      flat.push("connection", "close");
    }
    response.writeHead(status, flat);
    if (trailers !== undefined) {
      // These need a chunked body: no content-length, and a write before the end.
      if (body.byteLength > 0) {
        response.write(body);
      }
      response.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]));
      response.end();
    } else {
      endInOnePiece(response, body);
    }
  }

  /** Whether a client that waited to be asked may keep its body back now, or send it: what follows could be either. */
  #mayKeepBody(): boolean {
    return !this.#request.complete && this.#request.headers.expect !== undefined;
  }

  reset(): void {
    this.#request.socket.destroy(); // destroying a request that is complete leaves its connection open
  }

  resetConnection(): void {
    this.reset();
  }

  toNode(): NodeExchange {
    const [request, response] = [this.#request, this.#response];
    // A request that breaks off emits an error to those who listened a moment ago. Without a listener by then, it
    // would end the process.
    request.on("error", () => {});
    if (this.#port.isClosing) {
      response.setHeader("connection", "close");
    }
    if (request.headers.expect !== undefined) {
      response.writeContinue();
    }
    return { request, response };
  }
}
