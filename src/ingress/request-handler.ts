import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { Health } from "../../generated/grpc/health/v1/health_pb.ts";
import { type Awaitable, andThen } from "../model/awaitable.ts";
import { refusal } from "../model/refusal.ts";
import { ingressError } from "./error-source.ts";
import { checkHeaders } from "./http/check-headers.ts";
import { emptyResponse } from "./http/empty-response.ts";
import type { Exchange, HttpResponse } from "./http/exchange.ts";
import { readRequestBody } from "./http/request-body.ts";
import { requestTarget } from "./http/request-target.ts";
import { textResponse } from "./http/text-response.ts";
import { IncomingCall } from "./incoming-call.ts";
import { legalResponse } from "./legal-metadata.ts";
import { OpenRequest } from "./open-request.ts";
import { pickProtocol } from "./protocol/pick-protocol.ts";
import type { Protocol } from "./protocol/protocol.ts";
import type { UnaryRoute } from "./route.ts";
import { serveUniversal } from "./serve-universal.ts";
import { createServer, isBusy, type Server, type ServerOptions } from "./server.ts";
import { unsupportedType } from "./unsupported-type.ts";

/** Answers one HTTP request. */
export type RequestHandler = (exchange: Exchange) => void;

/**
 * Answers requests, in the order of checks of Restate 0.x: content type, concurrency, path, service, method, message.
 * Each step either responds or goes on with the next one, in the same turn where nothing has to be waited for.
 */
export function requestHandler(options: ServerOptions): RequestHandler {
  const server = createServer(options);
  return (exchange) => {
    const request = new OpenRequest(server, exchange);
    try {
      receive(server, request);
    } catch (reason) {
      request.crash(reason);
    }
  };
}

/** Step 1: answers requests that are not RPCs. */
function receive(server: Server, request: OpenRequest): void {
  const { exchange } = request;
  const refused = checkHeaders(exchange, server.limits);
  if (refused !== undefined) {
    // Over HTTP/1.1, a proxy may see other requests behind one of two hosts: the connection is closed.
    request.refuse(
      refused === 400 ? "malformed_headers" : "headers_too_large",
      emptyResponse(refused, refused === 400 ? [["connection", "close"]] : []),
    );
  } else if (exchange.method === "OPTIONS" && server.cors !== undefined) {
    request.respond(server.cors.preflight(exchange.headers));
  } else if (server.rest === undefined) {
    route(server, request);
  } else {
    server
      .rest(exchange)
      .then((known) => (known === undefined ? route(server, request) : request.respond(known)))
      .catch((reason: unknown) => request.crash(reason));
  }
}

/** Step 2: finds what answers, and in which protocol. */
function route(server: Server, request: OpenRequest): void {
  const { exchange } = request;
  const { path, query } = requestTarget(exchange.url);
  const found = server.find(path);
  if (!(found instanceof ConnectError) && found.kind === "universal") {
    serveUniversal(server, request, found);
    return;
  }
  const protocol = pickProtocol(exchange.method, exchange.headers, query);
  if (protocol === undefined) {
    refuseProtocol(request);
  } else if (isBusy(server, serviceOf(found))) {
    request.speak(protocol, found instanceof ConnectError ? undefined : found.method);
    request.fail(tooBusy(server.limits.maxConcurrentRequests));
  } else if (found instanceof ConnectError) {
    request.speak(protocol, undefined);
    request.refuse("unknown_method", noRoute(protocol, found), found.code);
  } else if (protocol.isGet && !found.allowsGet) {
    request.refuse("method_not_allowed", getNotAllowed(found.method));
  } else {
    request.speak(protocol, found.method);
    if (serviceOf(found) === Health.typeName) {
      request.countAmong("healthChecks");
    } else {
      request.trace(found.method);
    }
    admit(server, request, found, protocol);
  }
}

/** Step 3: starts the caller's deadline, and asks whether the caller may. Then the body is read. */
function admit(server: Server, request: OpenRequest, found: UnaryRoute, protocol: Protocol): void {
  settle(request, () => {
    request.expireAfter(protocol.timeoutMs());
    const call = new IncomingCall(server, request, found.method, protocol.format);
    return andThen(call.admitTo(found.method), () => read(server, request, found, protocol, call));
  });
}

/** Step 4: reads the body. The call answers once it is there. */
function read(
  server: Server,
  request: OpenRequest,
  found: UnaryRoute,
  protocol: Protocol,
  call: IncomingCall,
): undefined {
  if (request.isDone) {
    return;
  }
  request.startReading();
  readRequestBody(request.exchange, protocol.maxBodyBytes(request.memory.maxMessageBytes), request.memory, {
    onBody(body) {
      request.stopReading();
      settle(request, () => respondTo(server, found, protocol, call, body));
    },
    onBodyError: (reason) => request.fail(reason),
  });
}

/** Step 5: takes the message out of the body, runs the method, and puts its response into the protocol. */
function respondTo(
  server: Server,
  found: UnaryRoute,
  protocol: Protocol,
  call: IncomingCall,
  body: Uint8Array,
): Awaitable<HttpResponse> {
  return andThen(protocol.unwrap(body, call.memory), (message) => {
    call.signal.throwIfAborted();
    return andThen(found.handle(call.withMessage(message)), (response) => {
      call.signal.throwIfAborted();
      return protocol.success(legalResponse(response, server.logger), call.signal);
    });
  });
}

/** Sends what a step responds with, if anything, or the error that it fails with. */
function settle(request: OpenRequest, step: () => Awaitable<HttpResponse | undefined>): void {
  try {
    const result = request.run(step);
    if (result instanceof Promise) {
      result.then(
        (response) => respond(request, response),
        (reason: unknown) => request.fail(reason),
      );
    } else {
      respond(request, result);
    }
  } catch (reason) {
    request.fail(reason);
  }
}

function respond(request: OpenRequest, response: HttpResponse | undefined): void {
  if (response !== undefined) {
    request.respond(response);
  }
}

/** Refuses a request that is in none of the protocols. */
function refuseProtocol(request: OpenRequest): void {
  const { exchange } = request;
  if (exchange.method === "POST" || exchange.method === "GET") {
    request.refuse("unsupported_type", unsupportedType(exchange));
  } else {
    request.refuse("method_not_allowed", methodNotAllowed(exchange.method));
  }
}

/** For an unknown service the HTTP status is 404, regardless of the code. */
function noRoute(protocol: Protocol, error: ConnectError): HttpResponse {
  const response = protocol.failure(ingressError(error));
  return error.code === Code.Unimplemented && response.status !== 200
    ? { ...response, status: 404 }
    : response;
}

function serviceOf(found: UnaryRoute | ConnectError): string | undefined {
  return found instanceof ConnectError ? undefined : found.method.parent.typeName;
}

function methodNotAllowed(method: string): HttpResponse {
  return textResponse(405, `${method} calls nothing here: use POST.`, [["allow", "POST"]]);
}

function getNotAllowed({ parent, name }: DescMethod): HttpResponse {
  const text =
    `${parent.typeName}/${name} may have side effects: use POST. ` +
    "GET is for methods with the option idempotency_level = NO_SIDE_EFFECTS in their proto.";
  return textResponse(405, text, [["allow", "POST"]]);
}

function tooBusy(limit: number): ConnectError {
  const message = `Resource exhausted: ${limit} requests are in flight`;
  const error = new ConnectError(message, Code.ResourceExhausted, { "retry-after": "1" });
  return refusal("too_many_requests", error);
}
