import { type DescService, getOption } from "@bufbuild/protobuf";
import { ServiceType, service_type } from "../../generated/dev/restate/ext_pb.ts";
import { perDescriptor } from "./per-descriptor.ts";

/** How Restate schedules the invocations of a service: the `dev.restate.ext.service_type` option. */
export type ServiceKind = "unkeyed" | "keyed" | "singleton";

/** Reads how a service is keyed. A service without Restate's option is unkeyed. */
export const serviceKind: (service: DescService) => ServiceKind = /*@__PURE__*/ perDescriptor((service) => {
  switch (getOption(service, service_type)) {
    case ServiceType.KEYED:
      return "keyed";
    case ServiceType.SINGLETON:
      return "singleton";
    default:
      return "unkeyed";
  }
});
