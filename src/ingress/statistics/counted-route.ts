import { ConnectError } from "@connectrpc/connect";
import { Ingress } from "../../../generated/dev/restate/services_pb.ts";
import type { UnaryResponse } from "../protocol/protocol.ts";
import type { Route, UnaryHandler } from "../route.ts";
import type { Statistics } from "./statistics.ts";

/** A route that counts its answers. Only calls and sends of the users' services are counted. */
export function countedRoute(route: Route, { record }: Pick<Statistics, "record">): Route {
  const kind = kindOf(route);
  if (route.kind !== "unary" || kind === undefined) {
    return route;
  }
  const handle: UnaryHandler = (request) => {
    const begun = performance.now();
    const succeed = (response: UnaryResponse): UnaryResponse => {
      record(kind, undefined, performance.now() - begun);
      return response;
    };
    const fail = (reason: unknown): never => {
      record(kind, ConnectError.from(reason).code, performance.now() - begun);
      throw reason;
    };
    try {
      const response = route.handle(request);
      return response instanceof Promise ? response.then(succeed, fail) : succeed(response);
    } catch (reason) {
      return fail(reason);
    }
  };
  return { ...route, handle };
}

function kindOf({ method }: Route): "call" | "send" | undefined {
  if (method === Ingress.method.invoke) {
    return "send";
  }
  return /^(dev\.restate|grpc|restateconnect)\./.test(method.parent.typeName) ? undefined : "call";
}
