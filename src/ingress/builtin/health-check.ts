import type { DescService } from "@bufbuild/protobuf";
import { Health } from "../../../generated/grpc/health/v1/health_pb.ts";
import { checkHealth, healthNames } from "../../reflection/health.ts";
import type { Codec } from "../codec.ts";
import type { UnaryRoute } from "../route.ts";
import { typedRoute } from "./typed-route.ts";

/** `grpc.health.v1.Health/Check`, also by GET as in Restate 0.x, for load balancers that know no gRPC. */
export function healthCheckRoute(services: readonly DescService[], codec: Codec): UnaryRoute {
  const names = healthNames(services);
  const route = typedRoute(Health.method.check, codec, async ({ service }) => ({
    message: { status: checkHealth(names, service) },
  }));
  return { ...route, allowsGet: true };
}
