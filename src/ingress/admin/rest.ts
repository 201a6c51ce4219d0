import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import type { Engine } from "../../engine/engine.ts";
import { excerpt } from "../../model/excerpt.ts";
import type { CancelMode } from "../../model/invocation.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { requestTarget } from "../http/request-target.ts";
import { serviceMetadata } from "./service-metadata.ts";

export interface RestOptions {
  readonly services: readonly DescService[];
  readonly engine: Engine;
}

/** The paths of the admin port besides RPCs and the console, and their methods. */
const offered: readonly { readonly method: string; readonly path: string }[] = [
  { method: "GET", path: "/health" },
  { method: "GET", path: "/ready" },
  { method: "GET", path: "/metrics" },
  { method: "GET", path: "/services" },
  { method: "GET", path: "/services/{service}" },
  { method: "DELETE", path: "/invocations/{id}" },
];

/**
 * The paths of Restate's admin API that make sense without deployments, and 404 for others. Undefined for a path of an
 * RPC, whose service has a package.
 */
export function adminRest({
  services,
  engine,
}: RestOptions): (request: HttpRequest) => Promise<HttpResponse | undefined> {
  return async ({ method = "", url = "" }) => {
    const { path, query } = requestTarget(url);
    const [, collection = "", name, ...rest] = path.split("/");
    switch (rest.length > 0 ? undefined : `${method} /${collection}${name === undefined ? "" : "/*"}`) {
      case "GET /services":
        return json(200, { services: services.map(serviceMetadata) });
      case "GET /services/*":
        return serviceAnswer(services, decoded(name));
      case "DELETE /invocations/*":
        return cancel(engine, decoded(name), new URLSearchParams(query).get("mode") ?? "cancel");
      default:
        return collection.includes(".") ? undefined : notOffered(method, path);
    }
  };
}

function notOffered(method: string, path: string): HttpResponse {
  const known = offered.map((one) => `${one.method} ${one.path}`).join(", ");
  return failure(404, `${method} ${excerpt(path)} is not offered here. Offered are ${known}`);
}

function serviceAnswer(services: readonly DescService[], name: string): HttpResponse {
  const found = services.find(({ typeName }) => typeName === name);
  return found === undefined
    ? failure(404, `The requested service '${name}' does not exist`)
    : json(200, serviceMetadata(found));
}

/** Accepted once it is recorded. To cancel or kill what is not there is accepted too, as by Restate 0.x. */
async function cancel(engine: Engine, id: string, mode: string): Promise<HttpResponse> {
  const known = cancelMode(mode);
  if (known === undefined) {
    return failure(400, `The query parameter 'mode' is ${mode}: give cancel, kill or purge`);
  }
  try {
    await (known === "purge" ? engine.purge(id) : engine.cancel(id, known));
  } catch (reason) {
    if (!(reason instanceof ConnectError)) {
      throw reason;
    }
    if (reason.code !== Code.NotFound || known === "purge") {
      return failure(codeToHttpStatus(reason.code), reason.rawMessage);
    }
  }
  return { status: 202, headers: [["content-length", "0"]], body: new Uint8Array() };
}

/** Restate takes the names of modes with a capital too. */
function cancelMode(mode: string): CancelMode | "purge" | undefined {
  switch (mode.toLowerCase()) {
    case "cancel":
      return "cancel";
    case "kill":
      return "kill";
    case "purge":
      return "purge";
    default:
      return undefined;
  }
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
}

/** An error in the form of Restate's admin API. */
export function failure(status: number, message: string): HttpResponse {
  return json(status, { message, restate_code: null });
}

/** A response with a JSON body. */
export function json(status: number, value: unknown): HttpResponse {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: [
      ["content-type", "application/json"],
      ["content-length", String(body.byteLength)],
    ],
    body,
  };
}
