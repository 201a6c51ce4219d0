import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../generated/grpc/health/v1/health_pb.ts";
import { aborted } from "./until-aborted.ts";

/** Names that a health check accepts: the services, and "" for the server itself. */
export function healthNames(services: readonly DescService[]): ReadonlySet<string> {
  return new Set(["", ...services.map(({ typeName }) => typeName)]);
}

/**
 * Answers `Health/Check`.
 *
 * @throws ConnectError `not_found` for any other name.
 */
export function checkHealth(names: ReadonlySet<string>, service: string): Status {
  if (!names.has(service)) {
    throw new ConnectError(`Service ${service} not found`, Code.NotFound);
  }
  return Status.SERVING;
}

/**
 * Adds `grpc.health.v1` to a Connect-ES server: the server itself (name "") and each of these
 * services are SERVING as long as they respond.
 */
export function health(services: readonly DescService[]): (router: ConnectRouter) => void {
  const names = healthNames(services);
  return (router) => {
    router.service(Health, {
      check: ({ service }) => ({ status: checkHealth(names, service) }),
      list: () => ({
        statuses: Object.fromEntries([...names].map((name) => [name, { status: Status.SERVING }])),
      }),
      async *watch({ service }, context) {
        yield { status: names.has(service) ? Status.SERVING : Status.SERVICE_UNKNOWN };
        // The status does not change while the server runs, but the protocol keeps the stream open.
        await aborted(context.signal);
      },
    });
  };
}
