import { ConnectError } from "@connectrpc/connect";
import { Ingress } from "../../../generated/dev/restate/services_pb.ts";
import type { Route, UnaryHandler } from "../route.ts";
import type { Statistics } from "./statistics.ts";

/** A route that counts its answers. Only calls and sends of the users' services are counted. */
export function countedRoute(route: Route, { record }: Pick<Statistics, "record">): Route {
  const kind = kindOf(route);
  if (route.kind !== "unary" || kind === undefined) {
    return route;
  }
  const handle: UnaryHandler = async (request) => {
    const begun = performance.now();
    try {
      const reply = await route.handle(request);
      record(kind, undefined, performance.now() - begun);
      return reply;
    } catch (reason) {
      record(kind, ConnectError.from(reason).code, performance.now() - begun);
      throw reason;
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
