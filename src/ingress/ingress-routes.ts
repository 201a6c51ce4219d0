import type { DescService } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Awakeables, Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Health } from "../../generated/grpc/health/v1/health_pb.ts";
import { Admin } from "../../generated/restateconnect/v1/admin_pb.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { unaryMethods } from "../model/unary-methods.ts";
import { health } from "../reflection/health.ts";
import { reflection } from "../reflection/reflection.ts";
import { awakeableRoutes } from "./builtin/awakeables.ts";
import { healthCheckRoute } from "./builtin/health-check.ts";
import { invocationRoutes, refusedCancel } from "./builtin/invocations.ts";
import { invokeRoute } from "./builtin/invoke.ts";
import { type Codec, createCodec } from "./codec.ts";
import { connectRoutes } from "./connect-routes.ts";
import { engineRoute } from "./engine-route.ts";
import type { Limits } from "./limits.ts";
import type { Route, UnaryRoute } from "./route.ts";

/** The services of every ingress. Health and reflection add themselves. */
const builtIn: readonly DescService[] = [Ingress, Awakeables, Invocations];

/** Where a service is that an ingress does not have. */
export function otherPortOfIngress(service: string): string | undefined {
  return service === Admin.typeName
    ? "It is on the admin port, 9070 by default; this is the ingress."
    : undefined;
}

/** The routes of an ingress. */
export interface IngressRoutes {
  /** The users' services and what Restate has built in, for handlers. */
  readonly forHandlers: readonly UnaryRoute[];
  /** The same for the network, which has health and reflection besides, and may cancel only where that is allowed. */
  forNetwork(options: NetworkOptions): Route[];
}

export interface NetworkOptions {
  readonly limits: Limits;
  readonly allowCancel: boolean;
  /** A `google.protobuf.FileDescriptorSet` with the comments of the services, for reflection. */
  readonly fileDescriptorSet?: Uint8Array | undefined;
  /** For calls and sends of the users' services. */
  readonly interceptors: readonly Interceptor[];
}

/** Makes the routes of an ingress with these services. `closing` aborts when the server closes. */
export function ingressRoutes(services: readonly DescService[], closing: AbortSignal): IngressRoutes {
  const all = [...services, ...builtIn];
  const codec: Codec = createCodec(all);
  const ofServices = (interceptors: readonly Interceptor[]) => [
    ...services.flatMap(unaryMethods).map((method) => engineRoute(method, codec, interceptors)),
    invokeRoute(services, codec, interceptors),
  ];
  const forHandlers = [
    ...ofServices([]),
    ...awakeableRoutes(codec),
    ...invocationRoutes(services, codec, closing),
  ];
  return {
    forHandlers,
    // Of two routes of one method, the later one counts.
    forNetwork: ({ limits, allowCancel, fileDescriptorSet, interceptors }) => [
      ...forHandlers,
      ...ofServices(interceptors),
      ...(allowCancel ? [] : [refusedCancel(codec)]),
      ...connectRoutes([health(all), reflection([...all, Health], { fileDescriptorSet })], limits, closing),
      healthCheckRoute(all, codec),
    ],
  };
}
