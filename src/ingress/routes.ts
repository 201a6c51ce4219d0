import { Code, ConnectError } from "@connectrpc/connect";
import type { Route } from "./route.ts";

/** Finds the route of a request path, or an error in the words of Restate 0.x. */
export type FindRoute = (path: string) => Route | ConnectError;

/** Why a server does not have a service. */
export type WhyNoService = (service: string) => string;

/** Makes the routing table of a server. */
export function routeTable(routes: Iterable<Route>, whyNoService: WhyNoService): FindRoute {
  const byPath = new Map<string, Route>();
  const services = new Set<string>();
  for (const route of routes) {
    const { parent, name } = route.method;
    byPath.set(`/${parent.typeName}/${name}`, route);
    services.add(parent.typeName);
  }
  return (path) => byPath.get(path) ?? whyNoRoute(services, path, whyNoService);
}

function whyNoRoute(services: ReadonlySet<string>, path: string, whyNoService: WhyNoService): ConnectError {
  const [before, service, method, ...rest] = path.split("/");
  if (before !== "" || service === undefined || method === undefined || rest.length > 0) {
    return new ConnectError(`Request path ${path} invalid`, Code.InvalidArgument);
  }
  return services.has(service)
    ? methodNotFound(service, method)
    : // gRPC and Connect have it so. Restate 0.x said `not_found`.
      new ConnectError(`Service '${service}' not found. ${whyNoService(service)}`, Code.Unimplemented);
}

/** The error for a method that no service has. */
export function methodNotFound(service: string, method: string): ConnectError {
  return new ConnectError(
    `Service method '${service}/${method}' not found. Check whether you've registered the correct version of your service.`,
    Code.NotFound,
  );
}
