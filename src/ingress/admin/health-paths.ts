import { ConnectError } from "@connectrpc/connect";
import type { Engine } from "../../engine/engine.ts";
import { within } from "../../model/within.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { requestTarget } from "../http/request-target.ts";
import type { ServerState } from "../server-state.ts";
import { refuseWrites } from "./refuse-writes.ts";
import { json } from "./rest.ts";

/** How long the engine may take to show that it is writable, ms. */
const checkMs = 5_000;

export interface HealthOptions {
  readonly engine: Pick<Engine, "checkWritable">;
  readonly state: () => ServerState;
}

/** Why a server takes no requests, for each state in which it does not. */
const notServing: Readonly<Record<Exclude<ServerState, "serving">, string>> = {
  starting: "the engine is starting",
  draining: "the server is draining: it finishes what is in flight, and ends",
};

/**
 * Answers `GET /health`, as long as the process answers, and `GET /ready`: 200 while sends are accepted, otherwise
 * 503 with the reason. Undefined for other paths.
 */
export function healthPaths({
  engine,
  state,
}: HealthOptions): (request: HttpRequest) => Promise<HttpResponse> | HttpResponse | undefined {
  return (request) => {
    const { path } = requestTarget(request.url);
    switch (path) {
      case "/health":
        return refuseWrites(request, path) ?? answer(200, "ok");
      case "/ready":
        return refuseWrites(request, path) ?? readiness(engine, state());
      default:
        return undefined;
    }
  };
}

async function readiness(engine: HealthOptions["engine"], state: ServerState): Promise<HttpResponse> {
  if (state !== "serving") {
    return answer(503, state, notServing[state]);
  }
  try {
    await within(checkMs, engine.checkWritable(), `the engine did not answer within ${checkMs / 1_000} s`);
    return answer(200, "ready");
  } catch (reason) {
    return answer(503, "not writable", ConnectError.from(reason).rawMessage);
  }
}

function answer(status: number, word: string, reason?: string): HttpResponse {
  const response = json(status, { status: word, reason });
  return { ...response, headers: [...response.headers, ["cache-control", "no-store"]] };
}
