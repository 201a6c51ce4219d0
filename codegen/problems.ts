import type { DescField, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { getDeclarationString } from "@bufbuild/protoplugin";
import { canHoldKey, keyFields } from "../src/model/key-field.ts";
import { serviceKind } from "../src/model/service-kind.ts";
import { findGoProblems } from "./go-problems.ts";
import { isPartOfGrpc, reservedPackage } from "./packages.ts";
import { isUnary } from "./plan.ts";
import type { Problem } from "./problem.ts";

/**
 * Finds everything that prevents the services of these files from running on Restate: errors that Restate
 * would report at registration, and streaming methods.
 */
export function findProblems(files: readonly DescFile[], streaming: "refuse" | "skip"): readonly Problem[] {
  const services = files.flatMap((file) => file.services).filter((service) => !isPartOfGrpc(service));
  const methods = services.flatMap((service) => service.methods);
  const keyed = services.filter((service) => serviceKind(service) === "keyed");
  return [
    ...services.flatMap(reserved),
    ...services.flatMap(sameName),
    ...(streaming === "refuse" ? methods.flatMap(streams) : []),
    ...keyed.flatMap((service) => service.methods.filter(isUnary)).flatMap(keyless),
    ...requestsOf(keyed).flatMap(badKeys),
    ...services.flatMap(findGoProblems),
  ];
}

function reserved(service: DescService): Problem[] {
  const name = reservedPackage(service);
  if (name === undefined) {
    return [];
  }
  return [
    { at: service, text: `${service} is in the reserved package ${name}; move it to a package of your own` },
  ];
}

function sameName({ methods }: DescService): Problem[] {
  return methods.flatMap((method, index) => {
    const first = methods.slice(0, index).find(({ localName }) => localName === method.localName);
    if (first === undefined) {
      return [];
    }
    const text = `${method} and ${first} are both ${method.localName} in TypeScript; rename one of them`;
    return [{ at: method, text }];
  });
}

function streams(method: DescMethod): Problem[] {
  if (isUnary(method)) {
    return [];
  }
  const fix = "make it unary, or leave out streaming methods with the plugin option streaming=skip";
  return [
    { at: method, text: `${method} is a streaming method, and Restate does not support streaming; ${fix}` },
  ];
}

function keyless(method: DescMethod): Problem[] {
  const { input } = method;
  if (keyFields(input).length > 0) {
    return [];
  }
  const has = `${method} of a KEYED service takes ${input.typeName}, which has no KEY field`;
  const field = "string key = 1 [(dev.restate.ext.field) = KEY]";
  const fix = input.typeName.startsWith("google.protobuf.")
    ? `use a message of your own with a field such as "${field}"`
    : `mark the field that names the object, for example "${field}"`;
  return [{ at: method, text: `${has}; ${fix}` }];
}

function badKeys(message: DescMessage): Problem[] {
  const [first, ...others] = keyFields(message);
  if (first === undefined) {
    return [];
  }
  return [
    ...others.map((field) => ({
      at: field,
      text: `${field} is a second KEY next to ${first.name}; keep one KEY in ${message.typeName}`,
    })),
    ...[first, ...others].flatMap(badKey),
  ];
}

function badKey(field: DescField): Problem[] {
  if (!canHoldKey(field)) {
    const text = `${field} is a KEY but is declared "${getDeclarationString(field)}"; make it a singular string`;
    return [{ at: field, text }];
  }
  if (field.oneof !== undefined) {
    const text = `${field} is a KEY in oneof ${field.oneof.name}, so it can be absent; move it out of the oneof`;
    return [{ at: field, text }];
  }
  return [];
}

/** Returns the request messages of these services, without duplicates. */
function requestsOf(services: readonly DescService[]): readonly DescMessage[] {
  const methods = services.flatMap((service) => service.methods).filter(isUnary);
  return [...new Set(methods.map((method) => method.input))];
}
