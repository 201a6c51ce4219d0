import type { DescService } from "@bufbuild/protobuf";
import { enumOption, optionNumbers, optionValues } from "./enum-option.ts";
import { perDescriptor } from "./per-descriptor.ts";

/**
 * How Restate schedules the invocations of a service, and where their key is. `keyed` and `singleton` are of
 * the option `dev.restate.ext.service_type`; `object` and `workflow`, whose key is sent in a header,
 * of the Go SDK's `dev.restate.sdk.go.service_type`.
 */
export type ServiceKind = "unkeyed" | "keyed" | "singleton" | "object" | "workflow";

/** Reads how a service is keyed. A service without an option of Restate's is unkeyed. */
export const serviceKind: (service: DescService) => ServiceKind = /*@__PURE__*/ perDescriptor((service) =>
  enumOption(service, optionNumbers.serviceType) === undefined ? goKind(service) : extensionKind(service),
);

/** True for a service that has the options of both conventions: the generator refuses it. */
export function hasBothServiceTypes(service: DescService): boolean {
  const { serviceType, goServiceType } = optionNumbers;
  return [serviceType, goServiceType].every((number) => enumOption(service, number) !== undefined);
}

function extensionKind(service: DescService): ServiceKind {
  switch (enumOption(service, optionNumbers.serviceType)) {
    case optionValues.keyed:
      return "keyed";
    case optionValues.singleton:
      return "singleton";
    default:
      return "unkeyed";
  }
}

function goKind(service: DescService): ServiceKind {
  switch (enumOption(service, optionNumbers.goServiceType)) {
    case optionValues.virtualObject:
      return "object";
    case optionValues.workflow:
      return "workflow";
    default:
      return "unkeyed";
  }
}
