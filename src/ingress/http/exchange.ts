import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { PeerCertificate } from "node:tls";
import type { HeaderList } from "../../model/outcome.ts";
import type { RequestHeaders } from "./headers.ts";

/** What a request says before its body. */
export interface HttpRequest {
  readonly method: string;
  readonly scheme: "http" | "https";
  /** The request target; "" without one. */
  readonly url: string;
  readonly headers: RequestHeaders;
  /** Names and values in turn, each repetition by itself. */
  readonly rawHeaders: readonly string[];
  /** The client's certificate, where the server asks for one. */
  readonly clientCertificate: PeerCertificate | undefined;
}

/** A complete HTTP response. Header names are lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly trailers?: HeaderList | undefined;
}

/** Takes the pieces of a request's body as they come. */
export interface BodySink {
  onData(piece: Buffer): void;
  onEnd(): void;
}

/** A request and its response as `node:http` and the compatibility API of `node:http2` have them. */
export interface NodeExchange {
  readonly request: IncomingMessage | Http2ServerRequest;
  readonly response: ServerResponse | Http2ServerResponse;
}

/** One request and its response, over HTTP/1.1 or HTTP/2. */
export interface Exchange extends HttpRequest {
  /** What the request shares with others of its client: a socket, or a session of HTTP/2. */
  readonly connection: object;
  /** Whether the request is read to its end. */
  readonly isComplete: boolean;
  /** Whether nothing can be written any more: the client has gone, or has its response. */
  readonly isGone: boolean;
  /** Whether the response waits for those of earlier requests of its connection. */
  readonly isQueued: boolean;
  /** Calls `listener` once the response is sent, or the client has gone. */
  onClose(listener: () => void): void;
  /** Reads the body, and asks for it where a client waits to be asked (`Expect: 100-continue`). */
  readBody(sink: BodySink): void;
  /** Reads what is still to come of a request that has its response. */
  readRest(sink: BodySink): void;
  /** Sends the response, with further headers. Does nothing when the client has gone. */
  respond(response: HttpResponse, more: HeaderList): void;
  /** Ends request and response at once: resets a stream of HTTP/2, closes a connection of HTTP/1.1. */
  reset(): void;
  /** Closes the whole connection at once. */
  resetConnection(): void;
  /** Hands the exchange over to code that knows Node's own API only. */
  toNode(): NodeExchange;
}
