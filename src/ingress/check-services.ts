import type { DescService } from "@bufbuild/protobuf";

/** Names that belong to the ingress itself. */
const reserved = ["dev.restate.", "grpc.", "restateconnect."];

/** Refuses services that an ingress cannot have. */
export function checkServices(services: readonly DescService[]): void {
  const names = new Set<string>();
  for (const { typeName, methods } of services) {
    if (names.has(typeName)) {
      throw new Error(`service ${typeName} is given twice: leave one out`);
    }
    names.add(typeName);
    if (reserved.some((prefix) => typeName.startsWith(prefix))) {
      throw new Error(
        `service ${typeName} has a reserved name: choose a package other than ${reserved.join("* ")}*`,
      );
    }
    const streaming = methods.find(({ methodKind }) => methodKind !== "unary");
    if (streaming !== undefined) {
      throw new Error(
        `method ${streaming.name} of service ${typeName} is streaming, and Restate has no streams: make it unary`,
      );
    }
  }
}
