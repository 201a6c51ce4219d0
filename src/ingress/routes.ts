import { Code, ConnectError } from "@connectrpc/connect";
import { nameHint } from "../model/closest.ts";
import type { Route } from "./route.ts";

/** Finds the route of a request path, or an error in the words of Restate 0.x. */
export type FindRoute = (path: string) => Route | ConnectError;

/** Where a service is that another port of this server has; undefined for all other names. */
export type FindElsewhere = (service: string) => string | undefined;

/** Makes the routing table of a server. */
export function routeTable(routes: Iterable<Route>, findElsewhere: FindElsewhere): FindRoute {
  const byPath = new Map<string, Route>();
  const services = new Map<string, Set<string>>();
  for (const route of routes) {
    const { parent, name } = route.method;
    byPath.set(`/${parent.typeName}/${name}`, route);
    const methods = services.get(parent.typeName) ?? new Set();
    services.set(parent.typeName, methods.add(name));
  }
  return (path) => byPath.get(path) ?? whyNoRoute(services, path, findElsewhere);
}

function whyNoRoute(
  services: ReadonlyMap<string, ReadonlySet<string>>,
  path: string,
  findElsewhere: FindElsewhere,
): ConnectError {
  const [before, service, method, ...rest] = path.split("/");
  if (before !== "" || service === undefined || method === undefined || rest.length > 0) {
    return new ConnectError(
      `Request path ${path} invalid${prefixHint(services, path)}`,
      Code.InvalidArgument,
    );
  }
  const methods = services.get(service);
  if (methods !== undefined) {
    return methodNotFound(service, method, [...methods]);
  }
  const elsewhere = findElsewhere(service);
  // gRPC and Connect answer with `unimplemented`. Restate 0.x answered with `not_found`.
  return new ConnectError(
    `Service '${service}' not found${elsewhere === undefined ? hintText(service, ownNames(services.keys())) : `. ${elsewhere}`}`,
    Code.Unimplemented,
  );
}

/** The error for a method that a service does not have; `methods` are those that it has. */
export function methodNotFound(service: string, method: string, methods: readonly string[]): ConnectError {
  return new ConnectError(
    `Service method '${service}/${method}' not found${hintText(method, methods)}`,
    Code.NotFound,
  );
}

/** The error for a method of a service that there is not. */
export function serviceNotFound(service: string, services: Iterable<string>): ConnectError {
  return new ConnectError(
    `Service '${service}' not found${hintText(service, ownNames(services))}`,
    Code.NotFound,
  );
}

/** A client whose `baseUrl` has a path that a proxy was to take off. */
function prefixHint(services: ReadonlyMap<string, unknown>, path: string): string {
  const parts = path.split("/");
  const [service = "", method = ""] = parts.slice(-2);
  return services.has(service)
    ? `: the path of a method is /${service}/${method}. Leave ${parts.slice(0, -2).join("/")} out of baseUrl`
    : "";
}

function hintText(name: string, candidates: readonly string[]): string {
  const hint = nameHint(name, candidates);
  return hint === undefined ? "" : `; ${hint}`;
}

/** The services of users: every server has the others. */
function ownNames(services: Iterable<string>): readonly string[] {
  return [...services].filter((name) => !/^(grpc|dev\.restate|restateconnect)\./.test(name));
}
