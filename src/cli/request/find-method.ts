import type { DescMethodUnary } from "@bufbuild/protobuf";
import { nameHint } from "../../model/closest.ts";
import { unaryMethods } from "../../model/unary-methods.ts";
import { UsageError } from "../usage-error.ts";
import { type Reflection, reflect } from "./reflect.ts";

/** A method of a running server, and the messages its files know. */
export interface FoundMethod extends Reflection {
  readonly method: DescMethodUnary;
}

/**
 * Finds the method that `Service/Method` names on a server.
 *
 * @throws UsageError when the path is not of that form or the service has no such method; ConnectError
 *   `not_found` when the server has no such service.
 */
export async function findMethod(url: string, path: string): Promise<FoundMethod> {
  const [service = "", name = "", ...rest] = path.replace(/^\//, "").split("/");
  if (service === "" || name === "" || rest.length > 0) {
    throw new UsageError(
      `${JSON.stringify(path)} does not name a method: write Service/Method, for example org.example.Greeter/Greet`,
    );
  }
  const reflection = await reflect(url, service);
  const methods = unaryMethods(reflection.service);
  const method = methods.find((candidate) => candidate.name === name);
  if (method === undefined) {
    const hint =
      nameHint(
        name,
        methods.map((candidate) => candidate.name),
      ) ?? "it has no unary methods";
    throw new UsageError(`${service} has no method ${name}; ${hint}`);
  }
  return { ...reflection, method };
}
