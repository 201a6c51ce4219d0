import type { DescService } from "@bufbuild/protobuf";

/** Services of Restate's ingress that our clients call like user services. */
const builtIn: ReadonlySet<string> = new Set(["dev.restate.Ingress", "dev.restate.Awakeables"]);

/** Services that gRPC tools call. Projects often vendor them next to their own; Restate does not run them. */
const partOfGrpc: ReadonlySet<string> = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

/** True for services that are allowed but get no client: health and reflection. */
export function isPartOfGrpc(service: DescService): boolean {
  return partOfGrpc.has(service.typeName);
}

/** Returns the reserved package of a service. Undefined for user services and for Restate's built-in services. */
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
