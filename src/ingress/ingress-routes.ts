import type { DescService } from "@bufbuild/protobuf";
import { Awakeables, Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Health } from "../../generated/grpc/health/v1/health_pb.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import type { Engine } from "../engine/engine.ts";
import { health } from "../reflection/health.ts";
import { reflection } from "../reflection/reflection.ts";
import { awakeableRoutes } from "./builtin/awakeables.ts";
import { invocationRoutes } from "./builtin/invocations.ts";
import { invokeRoute } from "./builtin/invoke.ts";
import { createCodec } from "./codec.ts";
import { connectRoutes } from "./connect-routes.ts";
import { engineRoute } from "./engine-route.ts";
import type { Limits } from "./limits.ts";
import type { Route } from "./route.ts";

/** The services of every ingress. Health and reflection add themselves. */
const builtIn: readonly DescService[] = [Ingress, Awakeables, Invocations];

export interface IngressRoutesOptions {
  readonly services: readonly DescService[];
  readonly engine: Engine;
  readonly limits: Limits;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** All that the ingress port answers: the users' services, and what is built in. */
export function ingressRoutes({ services, engine, limits, closing }: IngressRoutesOptions): Route[] {
  const all = [...services, ...builtIn];
  const codec = createCodec(all);
  return [
    ...services.flatMap(({ methods }) => methods).map((method) => engineRoute(method, engine, codec)),
    invokeRoute(services, engine, codec),
    ...awakeableRoutes(engine, codec),
    ...invocationRoutes(engine, codec, closing),
    ...connectRoutes([health(all), reflection([...all, Health])], limits, closing),
  ];
}
