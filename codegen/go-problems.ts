import { type DescMethod, type DescService, getOption } from "@bufbuild/protobuf";
import { HandlerType, handler_type } from "../generated/dev/restate/sdk/go_pb.ts";
import { runMethods } from "../src/model/handler-kind.ts";
import { hasBothServiceTypes, serviceKind } from "../src/model/service-kind.ts";
import { isUnary } from "./plan.ts";
import type { Problem } from "./problem.ts";

/** Finds contradicting options of the Go SDK. Its own generator refuses most of them too. */
export function findGoProblems(service: DescService): readonly Problem[] {
  return [
    ...bothConventions(service),
    ...service.methods.flatMap(wrongHandlerType),
    ...(serviceKind(service) === "workflow" ? notOneRun(service) : []),
  ];
}

function bothConventions(service: DescService): Problem[] {
  if (!hasBothServiceTypes(service)) {
    return [];
  }
  const options = "dev.restate.ext.service_type and dev.restate.sdk.go.service_type";
  return [{ at: service, text: `${service} has both ${options}; keep the option that your server reads` }];
}

function wrongHandlerType(method: DescMethod): Problem[] {
  const type = getOption(method, handler_type);
  switch (serviceKind(method.parent)) {
    case "object":
      return type === HandlerType.WORKFLOW_RUN
        ? [{ at: method, text: `${method} of a VIRTUAL_OBJECT is WORKFLOW_RUN; make it EXCLUSIVE or SHARED` }]
        : [];
    case "workflow":
      return type === HandlerType.EXCLUSIVE
        ? [{ at: method, text: `${method} of a WORKFLOW is EXCLUSIVE; make it WORKFLOW_RUN or SHARED` }]
        : [];
    default:
      return type === HandlerType.UNSET ? [] : [{ at: method, text: withoutKeys(method) }];
  }
}

function withoutKeys(method: DescMethod): string {
  const has = `${method} has a handler_type, but ${method.parent} is neither a VIRTUAL_OBJECT nor a WORKFLOW`;
  return `${has}; remove it, or give the service a dev.restate.sdk.go.service_type`;
}

function notOneRun(service: DescService): Problem[] {
  const [first, ...others] = runMethods(service).filter(isUnary);
  if (first === undefined) {
    const fix = "name a method Run, or mark a method with handler_type = WORKFLOW_RUN";
    return [{ at: service, text: `${service} is a WORKFLOW and has no method to run; ${fix}` }];
  }
  return others.map((method) => ({
    at: method,
    text: `${method} is a second WORKFLOW_RUN next to ${first}; make one of them SHARED`,
  }));
}
