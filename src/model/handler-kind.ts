import type { DescMethod, DescMethodUnary, DescService } from "@bufbuild/protobuf";
import { enumOption, optionNumbers, optionValues } from "./enum-option.ts";
import { serviceKind } from "./service-kind.ts";
import { isUnary } from "./unary-methods.ts";

/**
 * How a method's invocations run relative to others with the same key: `exclusive` one at a time, `shared`
 * concurrently, `run` once for each id of a workflow.
 */
export type HandlerKind = "exclusive" | "shared" | "run";

/** Reads how a method's invocations run. Those of a service without keys are all shared. */
export function handlerKind(method: DescMethod): HandlerKind {
  switch (serviceKind(method.parent)) {
    case "unkeyed":
      return "shared";
    case "keyed":
    case "singleton":
      return "exclusive";
    case "object":
      return handlerType(method) === optionValues.shared ? "shared" : "exclusive";
    case "workflow":
      return isRun(method) ? "run" : "shared";
  }
}

/** The methods that a workflow runs once for each id: one, or the generator refuses the service. */
export function runMethods(workflow: DescService): readonly DescMethod[] {
  return workflow.methods.filter((method) => handlerKind(method) === "run");
}

/**
 * The method that a workflow runs.
 *
 * @throws Error when it has none. The generator refuses such a workflow, so only a descriptor from elsewhere gets here.
 */
export function runMethod(workflow: DescService): DescMethodUnary {
  const run = runMethods(workflow).find(isUnary);
  if (run === undefined) {
    throw new Error(
      `${workflow.typeName} is a WORKFLOW and has no method to run: name one of its methods Run`,
    );
  }
  return run;
}

function handlerType(method: DescMethod): number {
  return enumOption(method, optionNumbers.goHandlerType) ?? optionValues.unset;
}

/** The Go SDK uses the method's name in Go, where `run` is `Run` too. */
function isRun(method: DescMethod): boolean {
  const type = handlerType(method);
  return type === optionValues.workflowRun || (type === optionValues.unset && /^[Rr]un$/.test(method.name));
}
