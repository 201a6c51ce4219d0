import type { DescService } from "@bufbuild/protobuf";
import { keyField } from "../model/key-field.ts";
import { serviceKind } from "../model/service-kind.ts";
import { unaryMethods } from "../model/unary-methods.ts";

/** Names that belong to the ingress itself. */
const reserved = ["dev.restate.", "grpc.", "restateconnect."];

/** Refuses services that an ingress cannot have. */
export function checkServices(services: readonly DescService[]): void {
  const names = new Set<string>();
  for (const desc of services) {
    const { typeName } = desc;
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
      for (const { input } of unaryMethods(desc)) {
        keyField(input);
      }
    }
  }
}
