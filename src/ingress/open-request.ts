import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { startTimer } from "../http/timer.ts";
import { LazyAbortSignal } from "../model/abort-notice.ts";
import { type RefusalReason, refusal, refusalReason } from "../model/refusal.ts";
import type { PassOn } from "../model/tracing.ts";
import { fitResponse } from "./fit-response.ts";
import type { Exchange, HttpResponse } from "./http/exchange.ts";
import { requestTarget } from "./http/request-target.ts";
import { countPiece } from "./http/small-pieces.ts";
import type { Watched } from "./http/watchdog.ts";
import type { RequestMemory } from "./memory.ts";
import type { Protocol } from "./protocol/protocol.ts";
import { publicError } from "./public-error.ts";
import { type RequestFields, requestFields } from "./request-log.ts";
import { RpcReport } from "./rpc-report.ts";
import { isRunningOut, type Server } from "./server.ts";

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
  /** Undefined: it is not known to be an RPC. */
  #report: RpcReport | undefined;
  #phase: Phase = "running";
  /** In ticks of the watchdog. */
  #until = Number.POSITIVE_INFINITY;
  #deadline: ReturnType<typeof startTimer>;
  #place: "streams" | "healthChecks" | undefined;
  /** When a body must be there if places run out, in ticks. */
  #untilWhenBusy = Number.POSITIVE_INFINITY;

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
   * From now on, failures are told in the words of this protocol, and the RPC is reported. `method` is undefined if the
   * server does not have the method.
   */
  speak(protocol: Protocol, method: DescMethod | undefined): void {
    this.#protocol = protocol;
    this.#report = new RpcReport(this.#server, this.exchange, method, protocol.name);
  }

  /** Begins the span of the RPC, if the server makes any. */
  trace(method: DescMethod): void {
    this.#report?.startSpan(method);
  }

  /** Counts and logs a refusal. What is refused by an error is counted when the error is sent. */
  countRefusal(reason: RefusalReason): void {
    this.#server.statistics?.refuse(reason);
    this.#server.refusals.add(reason, () => this.#fields);
  }

  /** Sends the response to a request that is refused. `code`: of the error that it tells. */
  refuse(reason: RefusalReason, response: HttpResponse, code?: Code): void {
    this.countRefusal(reason);
    this.respond(response, code);
  }

  /** Puts the span of the request into the headers of what it calls. Undefined if the request has no span. */
  get passOn(): PassOn | undefined {
    return this.#report?.span?.passOn;
  }

  /** Runs a step of the request within its span. */
  run<T>(step: () => T): T {
    const span = this.#report?.span;
    return span === undefined ? step() : span.run(step);
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
      const error = publicError(reason, this.#server.logger, this.#fields);
      const response = this.#protocol.failure(error);
      this.#report?.end(error.code, response, error);
      this.respond(response, error.code);
    }
  }

  /** Sends the response. A client that takes too long to read it is cut off. `code`: of the error that it tells. */
  respond(response: HttpResponse, code?: Code): void {
    if (this.isDone) {
      return;
    }
    this.#report?.end(code, response);
    this.#phase = "responding";
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
    this.#server.logger.error("a response could not be written", {
      path: requestTarget(this.exchange.url).path,
      error: reason,
    });
    this.#report?.end(Code.Internal, undefined);
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
      this.#report?.end(Code.Canceled, undefined, gone);
      this.signal.abort(gone);
    }
  }

  /** The fields by which a log entry names the request. */
  get #fields(): RequestFields {
    return this.#report?.fields ?? requestFields(this.exchange, undefined, undefined);
  }
}

function bodyTooSlow(timeoutMs: number): ConnectError {
  const message = `the request's body did not arrive within ${timeoutMs} ms`;
  return refusal("slow_request", new ConnectError(message, Code.DeadlineExceeded));
}
