import type { DescService } from "@bufbuild/protobuf";

/** Services of the servers themselves that our clients call like any other. */
const builtIn: ReadonlySet<string> = new Set(["dev.restate.Ingress", "dev.restate.Awakeables"]);

/** Services that gRPC tools call. They are vendored beside user services often, and are none of Restate's. */
const partOfGrpc: ReadonlySet<string> = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

/** True for the services that get no client and are no mistake either: health and reflection. */
export function isPartOfGrpc(service: DescService): boolean {
  return partOfGrpc.has(service.typeName);
}

/** The reserved package a service is in. Undefined for user services and for what Restate has built in. */
export function reservedPackage(service: DescService): "dev.restate" | "grpc" | undefined {
  if (builtIn.has(service.typeName) || isPartOfGrpc(service)) {
    return undefined;
  }
  const name = `${service.file.proto.package}.`;
  if (name.startsWith("dev.restate.")) {
    return "dev.restate";
  }
  if (name.startsWith("grpc.")) {
    return "grpc";
  }
  return undefined;
}
