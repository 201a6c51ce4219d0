import type { DescService } from "@bufbuild/protobuf";
import { Admin } from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine } from "../../engine/engine.ts";
import { createCodec } from "../codec.ts";
import type { Limits } from "../limits.ts";
import { routeTable } from "../routes.ts";
import { type RequestHandler, requestHandler } from "../server.ts";
import { adminRoutes } from "./admin-routes.ts";
import { adminRest } from "./rest.ts";

export interface AdminOptions {
  readonly services: readonly DescService[];
  readonly engine: Engine;
  readonly limits: Limits;
}

/** The admin port: no page of another origin may call it. */
export function adminHandler({ services, engine, limits }: AdminOptions): RequestHandler {
  const find = routeTable(adminRoutes(engine, createCodec([Admin])));
  return requestHandler({ find, limits, rest: adminRest({ services, engine }) });
}
