import type { DescMethod } from "@bufbuild/protobuf";
import type { Code, ConnectError } from "@connectrpc/connect";
import { restateHeaders } from "../model/restate-headers.ts";
import type { RequestSpan } from "../model/tracing.ts";
import type { Exchange, HttpResponse } from "./http/exchange.ts";
import { headerOf } from "./http/headers.ts";
import { requestUrl } from "./http/request-url.ts";
import type { ProtocolName } from "./protocol/protocol.ts";
import {
  contentLength,
  logRequest,
  type RequestFields,
  requestFields,
  wantsRequests,
} from "./request-log.ts";
import type { Server } from "./server.ts";
import type { RpcCounter } from "./statistics/rpc-counters.ts";

/** Reports an RPC to the statistics, the log and the trace of a server, if it has them. */
export class RpcReport {
  readonly #server: Server;
  readonly #exchange: Exchange;
  readonly #method: DescMethod | undefined;
  readonly #protocol: ProtocolName;
  readonly #counter: RpcCounter | undefined;
  readonly #isLogged: boolean;
  readonly #begun = performance.now();
  #hasEnded = false;
  span: RequestSpan | undefined;

  /** `method` is undefined if the server does not have the method. */
  constructor(server: Server, exchange: Exchange, method: DescMethod | undefined, protocol: ProtocolName) {
    this.#server = server;
    this.#exchange = exchange;
    this.#method = method;
    this.#protocol = protocol;
    this.#counter = server.statistics?.counterOf(method, protocol);
    this.#isLogged = wantsRequests(server.logger);
  }

  /** Begins the span of the RPC, if the server makes any. */
  startSpan({ parent, name }: DescMethod): void {
    const exchange = this.#exchange;
    this.span = this.#server.tracing?.startRequest({
      method: `${parent.typeName}/${name}`,
      protocol: this.#protocol,
      url: requestUrl(exchange),
      header: (name) => headerOf(exchange.headers, name),
    });
  }

  /** The fields by which a log entry names the RPC. */
  get fields(): RequestFields {
    return requestFields(this.#exchange, this.#method, this.span?.traceId);
  }

  /** Reports the end of the RPC, once. `code`: of the error. `response` undefined: nobody waited for one. */
  end(code: Code | undefined, response: HttpResponse | undefined, error?: ConnectError): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    const durationMs = performance.now() - this.#begun;
    if (this.#counter !== undefined) {
      this.#server.statistics?.record(this.#counter, code, durationMs);
    }
    if (this.#isLogged) {
      logRequest(this.#server.logger, {
        protocol: this.#protocol,
        code,
        durationMs,
        requestBytes: contentLength(this.#exchange),
        responseBytes: response?.body.byteLength,
        invocation: invocationOf(response, error),
        ...this.fields,
      });
    }
    this.span?.end(code, invocationOf(response, error));
  }
}

/** The id of the invocation that a request made, or asked about, if its response has it. */
function invocationOf(
  response: HttpResponse | undefined,
  error: ConnectError | undefined,
): string | undefined {
  return error === undefined
    ? response?.headers.find(([name]) => name === restateHeaders.invocationId)?.[1]
    : (error.metadata.get(restateHeaders.invocationId) ?? undefined);
}
