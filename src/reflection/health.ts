import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../generated/grpc/health/v1/health_pb.ts";
import { aborted } from "./until-aborted.ts";

/** The names to ask for: the services, and "" for the server itself. */
export function healthNames(services: readonly DescService[]): ReadonlySet<string> {
  return new Set(["", ...services.map(({ typeName }) => typeName)]);
}

/**
 * Answers `Health/Check`.
 *
 * @throws ConnectError `not_found` for another name.
 */
export function checkHealth(names: ReadonlySet<string>, service: string): Status {
  if (!names.has(service)) {
    throw new ConnectError(`Service ${service} not found`, Code.NotFound);
  }
  return Status.SERVING;
}

/**
 * `grpc.health.v1` as routes for any Connect-ES server: the server itself (name "") and each of these
 * services are SERVING for as long as they answer.
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
        // The status never changes while the server is there; the protocol keeps the stream open all the same.
        await aborted(context.signal);
      },
    });
  };
}
