import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { unaryMethods } from "../../model/unary-methods.ts";
import { methodNotFound, serviceNotFound } from "../routes.ts";

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
  if (target === undefined) {
    throw serviceNotFound(
      service,
      services.map(({ typeName }) => typeName),
    );
  }
  const methods = unaryMethods(target);
  const found = methods.find(({ name }) => name === method);
  if (found === undefined) {
    throw methodNotFound(
      service,
      method,
      methods.map(({ name }) => name),
    );
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
