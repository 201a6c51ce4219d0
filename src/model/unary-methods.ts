import type { DescMethod, DescMethodUnary, DescService } from "@bufbuild/protobuf";

/** The methods of a service that Restate can run. It has no streams: others are not there for us. */
export function unaryMethods(service: DescService): DescMethodUnary[] {
  return service.methods.filter(isUnary);
}

/** True for the methods that Restate has. */
export function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}
