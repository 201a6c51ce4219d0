import type { DescService } from "@bufbuild/protobuf";
import { keyField } from "../contract/key-field.ts";
import { serviceKind } from "../contract/service-kind.ts";

/** Names that belong to the ingress itself. */
const reserved = ["dev.restate.", "grpc.", "restateconnect."];

/** Refuses services that an ingress cannot have. */
export function checkServices(services: readonly DescService[]): void {
  const names = new Set<string>();
  for (const desc of services) {
    const { typeName, methods } = desc;
    if (names.has(typeName)) {
      throw new Error(`service ${typeName} is given twice: leave one out`);
    }
    names.add(typeName);
    if (reserved.some((prefix) => typeName.startsWith(prefix))) {
      throw new Error(
        `service ${typeName} has a reserved name: choose a package other than ${reserved.join("* ")}*`,
      );
    }
    if (serviceKind(desc) === "keyed") {
      for (const { input } of methods) {
        keyField(input);
      }
    }
    const streaming = methods.find(({ methodKind }) => methodKind !== "unary");
    if (streaming !== undefined) {
      throw new Error(
        `method ${streaming.name} of service ${typeName} is streaming, and Restate has no streams: make it unary`,
      );
    }
  }
}
