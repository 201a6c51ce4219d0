import { createFileRegistry, type DescService, type FileRegistry } from "@bufbuild/protobuf";
import { useQuery } from "@tanstack/preact-query";
import { createTransport } from "restate-connect/web";
import { createAdminClient } from "../../generated/restateconnect/v1/admin_restate.ts";
import { ingressUrlFor } from "../ingress/admin/console/ingress-url.ts";
import { sendToken } from "./token.ts";

/** Reaches the admin port, which this page comes from. */
export const adminTransport = createTransport({
  baseUrl: new URL(".", window.location.href).href,
  interceptors: [sendToken],
});

/** Our own generated client of the admin API. */
export const admin = createAdminClient(adminTransport);

/** The server behind the page. */
export interface Server {
  readonly version: string;
  readonly engine: string;
  /** The ingress, as this page reaches it. */
  readonly ingressUrl: string;
  /** Whether the ingress asks who its callers are. */
  readonly authenticates: boolean;
  readonly services: readonly DescService[];
  /** Every type that the services use. */
  readonly registry: FileRegistry;
}

/** Describes the server, once. */
export function useServer() {
  return useQuery({ queryKey: ["server"], queryFn: describeServer, staleTime: Number.POSITIVE_INFINITY });
}

async function describeServer(): Promise<Server> {
  const { version, engine, ingressUrl, authenticates, services, files } = await admin.describeServer({});
  const registry = createFileRegistry(files ?? { $typeName: "google.protobuf.FileDescriptorSet", file: [] });
  return {
    version,
    engine,
    ingressUrl: ingressUrlFor(ingressUrl, window.location.hostname),
    authenticates,
    services: services.flatMap((name) => registry.getService(name) ?? []),
    registry,
  };
}
