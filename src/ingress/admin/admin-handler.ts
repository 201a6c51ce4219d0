import type { DescService } from "@bufbuild/protobuf";
import { Awakeables } from "../../../generated/dev/restate/services_pb.ts";
import { Health } from "../../../generated/grpc/health/v1/health_pb.ts";
import { Admin } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { Invocations } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Logger } from "../../model/logger.ts";
import { health } from "../../reflection/health.ts";
import { reflection } from "../../reflection/reflection.ts";
import { awakeableRoutes } from "../builtin/awakeables.ts";
import { invocationRoutes } from "../builtin/invocations.ts";
import { createCodec } from "../codec.ts";
import { connectRoutes } from "../connect-routes.ts";
import type { Limits } from "../limits.ts";
import type { RequestMemory } from "../memory.ts";
import { type RequestHandler, requestHandler } from "../request-handler.ts";
import { routeTable } from "../routes.ts";
import type { ServerState } from "../server-state.ts";
import type { Statistics } from "../statistics/statistics.ts";
import { adminRoutes } from "./admin-routes.ts";
import { consoleFiles } from "./console/console.ts";
import { describeServer } from "./describe-server.ts";
import { healthPaths } from "./health-paths.ts";
import { metricsPath } from "./metrics/metrics-path.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { adminRest } from "./rest.ts";

export interface AdminOptions {
  readonly services: readonly DescService[];
  readonly engine: Engine;
  readonly state: () => ServerState;
  /** The URL of the ingress. */
  readonly ingressUrl: string;
  /** Whether the ingress asks who its callers are. */
  readonly authenticates: boolean;
  /** Whether to serve the console. */
  readonly hasConsole: boolean;
  /** A `google.protobuf.FileDescriptorSet` with the comments of the services. */
  readonly fileDescriptorSet: Uint8Array | undefined;
  /** What the server did. */
  readonly statistics: Statistics;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Counts what a new request holds in memory. */
  readonly newMemory: () => RequestMemory;
  /** Whether the port is open to this machine only: then it answers to names of this machine only. */
  readonly isLoopback: boolean;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** The services of the admin port. Health and reflection add themselves. */
const served: readonly DescService[] = [Admin, Invocations, Awakeables];

/** The admin port: no page of another origin may call it. */
export function adminHandler({
  services,
  engine,
  state,
  ingressUrl,
  authenticates,
  hasConsole,
  fileDescriptorSet,
  statistics,
  limits,
  newMemory,
  logger,
  isLoopback,
  closing,
}: AdminOptions): RequestHandler {
  const codec = createCodec(served);
  const find = routeTable(
    [
      ...adminRoutes(
        engine,
        describeServer({ services, engine: engine.name, ingressUrl, authenticates, fileDescriptorSet }),
        statistics,
        codec,
      ),
      ...awakeableRoutes(codec),
      ...invocationRoutes(services, codec, closing),
      ...connectRoutes([health(served), reflection([...served, Health])], limits, closing),
    ],
    () => "This is the admin port; services are called on the ingress, port 8080 by default.",
  );
  const readiness = healthPaths({ engine, state });
  const metrics = metricsPath({ services, engine, statistics });
  const rest = adminRest({ services, engine });
  const page = hasConsole ? consoleFiles(ingressUrl) : undefined;
  return requestHandler({
    find,
    operations: engine,
    limits,
    newMemory,
    logger,
    rest: async (request) =>
      refuseForeign(request, isLoopback) ??
      (await page?.(request)) ??
      readiness(request) ??
      metrics(request) ??
      rest(request),
  });
}
