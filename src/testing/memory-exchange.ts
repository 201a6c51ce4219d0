import type { BodySink, Exchange, HttpResponse, NodeExchange } from "../ingress/http/exchange.ts";
import type { RequestHeaders } from "../ingress/http/headers.ts";
import type { HeaderList } from "../model/outcome.ts";

/** A request to the ingress in this process. */
export interface MemoryRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** One request and its response, without a socket. */
export class MemoryExchange implements Exchange {
  readonly method: string;
  readonly scheme = "http";
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly rawHeaders: readonly string[];
  readonly clientCertificate = undefined;
  readonly connection = {};
  readonly isComplete = true;
  readonly isQueued = false;
  readonly #body: Uint8Array;
  readonly #answered = Promise.withResolvers<Response>();
  #onClose: () => void = () => {};
  #isGone = false;

  constructor({ method, url, headers, body }: MemoryRequest) {
    const all = new Headers(headers);
    all.set("host", url.host);
    this.method = method;
    this.url = url.pathname + url.search;
    this.headers = Object.fromEntries(all);
    this.rawHeaders = [...all].flat();
    this.#body = body;
  }

  /** The response. Rejects if there is none, as `fetch` does. */
  get response(): Promise<Response> {
    return this.#answered.promise;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  readBody(sink: BodySink): void {
    sink.onData(Buffer.from(this.#body));
    sink.onEnd();
  }

  readRest(sink: BodySink): void {
    sink.onEnd();
  }

  respond({ status, headers, body }: HttpResponse, more: HeaderList): void {
    const list = [...headers, ...more].map(([name, value]): [string, string] => [name, value]);
    // A copy: the type of Response leaves out bytes in shared memory. A 204 has no body.
    const content = body.byteLength === 0 ? null : new Uint8Array(body);
    this.#close(() => this.#answered.resolve(new Response(content, { status, headers: list })));
  }

  reset(): void {
    this.leave(new TypeError("fetch failed", { cause: new Error("the ingress ended the exchange") }));
  }

  resetConnection(): void {
    this.reset();
  }

  toNode(): NodeExchange {
    throw new Error("a test environment has no sockets, which streams need: start an ingress");
  }

  /** The client goes, for this reason. */
  leave(reason: unknown): void {
    this.#close(() => this.#answered.reject(reason));
  }

  #close(settle: () => void): void {
    if (!this.#isGone) {
      this.#isGone = true;
      settle();
      this.#onClose();
    }
  }
}
