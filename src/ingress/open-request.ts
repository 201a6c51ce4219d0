import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { startTimer } from "../http/timer.ts";
import { LazyAbortSignal } from "../model/abort-notice.ts";
import type { HeaderList } from "../model/outcome.ts";
import { type RefusalReason, refusal, refusalReason } from "../model/refusal.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import type { PassOn, RequestSpan } from "../model/tracing.ts";
import { fitResponse } from "./fit-response.ts";
import type { Exchange, HttpResponse } from "./http/exchange.ts";
import { headerOf } from "./http/headers.ts";
import { requestUrl } from "./http/request-url.ts";
import { countPiece } from "./http/small-pieces.ts";
import type { Watched } from "./http/watchdog.ts";
import type { RequestMemory } from "./memory.ts";
import type { Protocol } from "./protocol/protocol.ts";
import { publicError } from "./public-error.ts";
import { isRunningOut, type Server } from "./server.ts";
import type { RpcCounter } from "./statistics/rpc-counters.ts";

/**
 * How long a client may go on with a request that has its response already, ms. Cutting it off at once would
 * reset the connection, and a client that is still writing may then never read the response.
 */
const lingerMs = 1_000;

/** What the watchdog waits for: the request's body, nothing, or that the client reads the response. */
type Phase = "reading" | "running" | "responding" | "closed";

/**
 * A request from its headers to the end of its response: what it holds, and what ends it early. The client may go
 * away, its deadline may pass, its body may be slow, and it may be slow to read the response.
 */
export class OpenRequest implements Watched {
  readonly exchange: Exchange;
  readonly memory: RequestMemory;
  /** Aborts when the client has gone and when its deadline has passed. */
  readonly signal = new LazyAbortSignal();
  readonly #server: Server;
  #protocol: Protocol | undefined;
  #span: RequestSpan | undefined;
  #phase: Phase = "running";
  /** In ticks of the watchdog. */
  #until = Number.POSITIVE_INFINITY;
  #deadline: ReturnType<typeof startTimer>;
  #place: "streams" | "healthChecks" | undefined;
  /** When a body must be there if places run out, in ticks. */
  #untilWhenBusy = Number.POSITIVE_INFINITY;
  /** Undefined once it has been counted, and where nothing is counted. */
  #counter: RpcCounter | undefined;
  #begun = 0;

  constructor(server: Server, exchange: Exchange) {
    this.exchange = exchange;
    this.memory = server.newMemory();
    this.#server = server;
    server.watchdog.add(this);
    exchange.onClose(() => this.#close());
  }

  /** Whether there is a response, or nobody who waits for one. */
  get isDone(): boolean {
    return this.#phase === "responding" || this.#phase === "closed";
  }

  /**
   * From now on, failures are told in the words of this protocol, and the response is counted. `method` undefined:
   * there is no such method.
   */
  speak(protocol: Protocol, method: DescMethod | undefined): void {
    this.#protocol = protocol;
    this.#counter = this.#server.statistics?.counterOf(method, protocol.name);
    this.#begun = performance.now();
  }

  /** Counts a refusal. What is refused by an error is counted when the error is sent. */
  countRefusal(reason: RefusalReason): void {
    this.#server.statistics?.refuse(reason);
  }

  /** Sends the response to a request that is refused. `code`: of the error that it tells. */
  refuse(reason: RefusalReason, response: HttpResponse, code?: Code): void {
    this.countRefusal(reason);
    this.respond(response, code);
  }

  /** Begins the span of a call of this method, if the server makes any. */
  trace({ parent, name }: DescMethod, protocol: Protocol): void {
    const { exchange } = this;
    this.#span = this.#server.tracing?.startRequest({
      method: `${parent.typeName}/${name}`,
      protocol: protocol.name,
      url: requestUrl(exchange),
      header: (name) => headerOf(exchange.headers, name),
    });
  }

  /** Puts the span of the request into the headers of what it calls. Undefined: there is none. */
  get passOn(): PassOn | undefined {
    return this.#span?.passOn;
  }

  /** Runs a step of the request within its span. */
  run<T>(step: () => T): T {
    return this.#span === undefined ? step() : this.#span.run(step);
  }

  /** Sets the caller's deadline, ms from now. Undefined: none. */
  expireAfter(timeoutMs: number | undefined): void {
    if (timeoutMs === undefined) {
      return;
    }
    const expire = (): void =>
      this.#giveUp(new ConnectError("the operation timed out", Code.DeadlineExceeded));
    if (timeoutMs <= 0) {
      expire(); // a timer would let a fast handler run and answer
    } else {
      this.#deadline = startTimer(timeoutMs, expire);
    }
  }

  /** Takes a place among the streams or the health checks. */
  countAmong(place: "streams" | "healthChecks"): void {
    this.#place = place;
    this.#server[place] += 1;
  }

  /** Begins to read the body, for which there is a limit of time. */
  startReading(): void {
    const { watchdog, limits } = this.#server;
    this.#phase = "reading";
    this.#until = watchdog.after(limits.requestTimeoutMs);
    this.#untilWhenBusy = watchdog.after(Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs));
  }

  /** The body is there. */
  stopReading(): void {
    if (this.#phase === "reading") {
      this.#phase = "running";
      this.#until = Number.POSITIVE_INFINITY;
    }
  }

  /** Sends the error that the caller gets for a reason. A caller that has its response, or has gone, gets nothing. */
  fail(reason: unknown): void {
    if (this.isDone) {
      return;
    }
    const refused = refusalReason(reason);
    if (refused !== undefined) {
      this.countRefusal(refused);
    }
    if (this.#protocol === undefined) {
      this.crash(reason);
    } else {
      const error = publicError(reason, this.#server.logger);
      this.#end(error, []);
      this.respond(this.#protocol.failure(error), error.code);
    }
  }

  /** Sends the response. A client that takes too long to read it is cut off. `code`: of the error that it tells. */
  respond(response: HttpResponse, code?: Code): void {
    if (this.isDone) {
      return;
    }
    this.#count(code);
    this.#phase = "responding";
    this.#end(undefined, response.headers);
    this.#until = this.#server.watchdog.after(this.#server.limits.responseTimeoutMs);
    clearTimeout(this.#deadline);
    this.memory.keepResponse(response.body.byteLength);
    const { cors, logger } = this.#server;
    try {
      const fitting = fitResponse(response, logger);
      this.exchange.respond(fitting, cors === undefined ? [] : cors.expose(this.exchange.headers, fitting));
    } catch (reason) {
      this.crash(reason);
      return;
    }
    if (!this.exchange.isComplete) {
      this.#dropRest();
    }
  }

  /** Ends the exchange without a response, for a reason that the log gets. */
  crash(reason: unknown): void {
    this.#server.logger.error("a response could not be written", { path: this.exchange.url, error: reason });
    this.#count(Code.Internal);
    this.exchange.reset();
  }

  check(now: number): void {
    const { headersTimeoutMs, requestTimeoutMs } = this.#server.limits;
    if (this.#phase === "reading") {
      if (now >= this.#until) {
        this.#giveUp(bodyTooSlow(requestTimeoutMs));
      } else if (now >= this.#untilWhenBusy && isRunningOut(this.#server)) {
        this.#giveUp(bodyTooSlow(headersTimeoutMs));
      }
    } else if (now < this.#until) {
      return;
    } else if (this.exchange.isQueued) {
      this.#until = this.#server.watchdog.after(this.#server.limits.responseTimeoutMs);
    } else {
      this.exchange.reset();
    }
  }

  /** Counts how the RPC ended, once. */
  #count(code: Code | undefined): void {
    if (this.#counter !== undefined) {
      this.#server.statistics?.record(this.#counter, code, performance.now() - this.#begun);
      this.#counter = undefined;
    }
  }

  /** The caller's interest ends: it gets the reason immediately, even if work is still going on. */
  #giveUp(reason: ConnectError): void {
    if (!this.isDone) {
      this.signal.abort(reason);
      this.fail(reason);
    }
  }

  /** Drops what is still to come of a request that has its response, and cuts it off when it does not end. */
  #dropRest(): void {
    const { exchange } = this;
    const timer = setTimeout(() => exchange.reset(), lingerMs).unref();
    exchange.readRest({
      onData: (piece) => countPiece(exchange, piece.byteLength),
      onEnd: () => clearTimeout(timer),
    });
  }

  #close(): void {
    const hadResponse = this.#phase === "responding";
    this.#phase = "closed";
    clearTimeout(this.#deadline);
    this.#server.watchdog.delete(this);
    this.memory.release();
    if (this.#place !== undefined) {
      this.#server[this.#place] -= 1;
    }
    if (!hadResponse) {
      const gone = new ConnectError("the caller has gone", Code.Canceled);
      this.#count(Code.Canceled);
      this.#end(gone, []);
      this.signal.abort(gone);
    }
  }

  /** Ends the span. Later calls do nothing. */
  #end(error: ConnectError | undefined, headers: HeaderList): void {
    const span = this.#span;
    if (span !== undefined) {
      this.#span = undefined;
      span.end(
        error,
        error === undefined
          ? headers.find(([name]) => name === restateHeaders.invocationId)?.[1]
          : (error.metadata.get(restateHeaders.invocationId) ?? undefined),
      );
    }
  }
}

function bodyTooSlow(timeoutMs: number): ConnectError {
  const message = `the request's body did not arrive within ${timeoutMs} ms`;
  return refusal("slow_request", new ConnectError(message, Code.DeadlineExceeded));
}
