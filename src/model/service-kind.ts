import { type DescService, getOption, hasOption } from "@bufbuild/protobuf";
import { ServiceType, service_type } from "../../generated/dev/restate/ext_pb.ts";
import {
  ServiceType as GoServiceType,
  service_type as go_service_type,
} from "../../generated/dev/restate/sdk/go_pb.ts";
import { perDescriptor } from "./per-descriptor.ts";

/**
 * How Restate schedules the invocations of a service, and where their key is. `keyed` and `singleton` are of
 * the option `dev.restate.ext.service_type`; `object` and `workflow`, whose key is sent in a header,
 * of the Go SDK's `dev.restate.sdk.go.service_type`.
 */
export type ServiceKind = "unkeyed" | "keyed" | "singleton" | "object" | "workflow";

/** Reads how a service is keyed. A service without an option of Restate's is unkeyed. */
export const serviceKind: (service: DescService) => ServiceKind = /*@__PURE__*/ perDescriptor((service) =>
  hasOption(service, service_type) ? extensionKind(service) : goKind(service),
);

/** True for a service that has the options of both conventions: the generator refuses it. */
export function hasBothServiceTypes(service: DescService): boolean {
  return hasOption(service, service_type) && hasOption(service, go_service_type);
}

function extensionKind(service: DescService): ServiceKind {
  switch (getOption(service, service_type)) {
    case ServiceType.KEYED:
      return "keyed";
    case ServiceType.SINGLETON:
      return "singleton";
    default:
      return "unkeyed";
  }
}

function goKind(service: DescService): ServiceKind {
  switch (getOption(service, go_service_type)) {
    case GoServiceType.VIRTUAL_OBJECT:
      return "object";
    case GoServiceType.WORKFLOW:
      return "workflow";
    default:
      return "unkeyed";
  }
}
