import { Code, ConnectError } from "@connectrpc/connect";
import { type RequestHandler, requestHandler } from "../request-handler.ts";
import type { AdminOptions } from "./admin-handler.ts";
import { healthPaths } from "./health-paths.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { failure } from "./rest.ts";

const starting = "the server is starting: ask again when GET /ready responds with 200";

/** The admin port until the engine has started: health and readiness, and `unavailable` for everything else. */
export function startingHandler({
  engine,
  state,
  limits,
  newMemory,
  logger,
  isLoopback,
}: Pick<
  AdminOptions,
  "engine" | "state" | "limits" | "newMemory" | "logger" | "isLoopback"
>): RequestHandler {
  const health = healthPaths({ engine, state });
  return requestHandler({
    find: () => new ConnectError(starting, Code.Unavailable),
    operations: engine,
    limits,
    newMemory,
    logger,
    rest: async (request) =>
      refuseForeign(request, isLoopback) ??
      (await health(request)) ??
      (request.method === "POST" ? undefined : failure(503, starting)),
  });
}
