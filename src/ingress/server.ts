import { Code, ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import type { Operations } from "../engine/engine.ts";
import type { Logger } from "../model/logger.ts";
import { answerUnary, publicError } from "./answer-unary.ts";
import { answerUniversal } from "./answer-universal.ts";
import { type Authenticate, admission } from "./authenticate.ts";
import { ingressError } from "./error-source.ts";
import { askForBody } from "./http/ask-for-body.ts";
import type { Cors } from "./http/cors.ts";
import { exceedsHeaderLimits } from "./http/header-limits.ts";
import { cutOff, type NodeRequest, type NodeResponse } from "./http/node.ts";
import { requestTarget } from "./http/request-target.ts";
import { sendAnswer } from "./http/send-answer.ts";
import type { Limits } from "./limits.ts";
import type { RequestMemory } from "./memory.ts";
import { pickProtocol } from "./protocol/pick-protocol.ts";
import type { HttpAnswer, Protocol } from "./protocol/protocol.ts";
import type { UniversalRoute } from "./route.ts";
import type { FindRoute } from "./routes.ts";
import { unsupportedType } from "./unsupported-type.ts";

/** Answers one HTTP request. */
export type RequestHandler = (request: NodeRequest, response: NodeResponse) => void;

export interface ServerOptions {
  readonly find: FindRoute;
  readonly logger: Logger;
  /** In whose name requests are answered. */
  readonly operations: Operations;
  readonly limits: Limits;
  /** Counts what a new request holds in memory. */
  readonly newMemory: () => RequestMemory;
  /** Without it, no page of another origin may call. */
  readonly cors?: Cors;
  /** Without it, anybody may call. */
  readonly authenticate?: Authenticate | undefined;
  /** Answers what is no RPC; undefined for what it does not know. */
  readonly rest?: (request: NodeRequest) => Promise<HttpAnswer | undefined>;
}

/** Answers requests, in the order of checks of Restate 0.x: content type, concurrency, path, service, method, message. */
export function requestHandler({
  find,
  operations,
  limits,
  newMemory,
  logger,
  cors,
  authenticate,
  rest,
}: ServerOptions): RequestHandler {
  /** Health and reflection have streams that may last for ever: they shall not take the place of all others. */
  const maxStreams = Math.ceil(limits.maxConcurrentRequests / 10);
  let active = 0;
  let streams = 0;

  /** Undefined: the response is written already. */
  async function answer(
    request: NodeRequest,
    response: NodeResponse,
    memory: RequestMemory,
  ): Promise<HttpAnswer | undefined> {
    if (exceedsHeaderLimits(request, limits)) {
      return emptyAnswer(431);
    }
    if (request.method === "OPTIONS" && cors !== undefined) {
      return cors.preflight(request.headers);
    }
    const known = await rest?.(request);
    if (known !== undefined) {
      return known;
    }
    const isBusy = active > limits.maxConcurrentRequests;
    const { path, query } = requestTarget(request.url ?? "");
    const route = find(path);
    if (!(route instanceof ConnectError) && route.kind === "universal") {
      if (isBusy || streams >= maxStreams) {
        return emptyAnswer(503);
      }
      streams += 1;
      response.once("close", () => {
        streams -= 1;
      });
      return answerStream(route, request, response);
    }
    const protocol = pickProtocol({ method: request.method ?? "", headers: request.headers, query });
    if (protocol === undefined) {
      return request.method === "POST" || request.method === "GET"
        ? unsupportedType(request)
        : emptyAnswer(405);
    }
    if (isBusy) {
      return protocol.failure(ingressError(tooBusy(limits.maxConcurrentRequests)));
    }
    if (route instanceof ConnectError) {
      return noRoute(protocol, route);
    }
    if (protocol.isGet && !route.allowsGet) {
      return emptyAnswer(405);
    }
    const admit = admission(request, authenticate);
    return answerUnary(route, protocol, { request, response, operations, admit, memory, logger }, limits);
  }

  async function answerStream(
    route: UniversalRoute,
    request: NodeRequest,
    response: NodeResponse,
  ): Promise<HttpAnswer | undefined> {
    try {
      await admission(request, authenticate)(route.method);
    } catch (reason) {
      return refuse(publicError(reason, logger), request);
    }
    askForBody(request, response);
    await answerUniversal(route, request, response, cors?.expose(request.headers, []) ?? []);
    return undefined;
  }

  return (request, response) => {
    active += 1;
    // A request that breaks off is told by its close. Node emits its error to whoever listened a moment ago: one
    // who listens no more would end the process.
    request.on("error", () => {});
    const memory = newMemory();
    // Not before: until its client has read it, an answer takes memory.
    response.once("close", () => {
      active -= 1;
      memory.release();
    });
    answer(request, response, memory)
      .then((result) => {
        if (result !== undefined) {
          memory.keepAnswer(result.body.byteLength);
          const names = result.headers.map(([name]) => name);
          const more = cors?.expose(request.headers, names) ?? [];
          sendAnswer(request, response, result, more, limits.responseTimeoutMs);
        }
      })
      .catch((reason: unknown) => {
        logger.error("a response could not be written", { path: request.url, error: reason });
        cutOff(request);
      });
  };
}

/** Refuses a streaming request: those of Connect in the words of HTTP, which its clients understand too. */
function refuse(error: ConnectError, { method = "", headers }: NodeRequest): HttpAnswer {
  return (
    pickProtocol({ method, headers, query: "" })?.failure(error) ?? emptyAnswer(codeToHttpStatus(error.code))
  );
}

/** Where there is no service, HTTP says 404 whatever the code. */
function noRoute(protocol: Protocol, error: ConnectError): HttpAnswer {
  const answer = protocol.failure(ingressError(error));
  return error.code === Code.Unimplemented && answer.status !== 200 ? { ...answer, status: 404 } : answer;
}

function emptyAnswer(status: number): HttpAnswer {
  return {
    status,
    headers: [["content-length", "0"], ...(status === 405 ? ([["allow", "POST"]] as const) : [])],
    body: new Uint8Array(),
  };
}

function tooBusy(limit: number): ConnectError {
  return new ConnectError(`Resource exhausted: ${limit} requests are in flight`, Code.ResourceExhausted, {
    "retry-after": "1",
  });
}
