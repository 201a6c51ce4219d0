import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { unaryMethods } from "../../model/unary-methods.ts";
import { methodNotFound } from "../routes.ts";

/** A message that names a method. */
interface Naming {
  readonly $typeName: string;
  readonly service: string;
  readonly method: string;
}

/**
 * The method that a message names.
 *
 * @throws ConnectError `invalid_argument` when it names none, `not_found` when there is no such.
 */
export function findMethod(services: readonly DescService[], message: Naming): DescMethod {
  const { $typeName, service, method } = message;
  requireField($typeName, "service", service, "org.example.Greeter");
  requireField($typeName, "method", method, "Greet");
  const target = services.find(({ typeName }) => typeName === service);
  const found = target && unaryMethods(target).find(({ name }) => name === method);
  if (found === undefined) {
    throw methodNotFound(service, method);
  }
  return found;
}

function requireField(message: string, name: string, value: string, example: string): void {
  if (value === "") {
    throw new ConnectError(
      `field ${name} of ${message} is missing: name what to invoke, such as "${example}"`,
      Code.InvalidArgument,
    );
  }
}
