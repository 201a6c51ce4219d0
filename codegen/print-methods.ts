import type { Printable } from "@bufbuild/protoplugin";
import type { MethodPlan, ServicePlan } from "./plan.ts";
import { memberText, type Printer } from "./printer.ts";

/** The owner of the methods: the service, or an object of it that `key()` selects. */
export type Scope = "service" | "object";

/** Prints the members that call. Omits the run of a workflow, which is submitted. */
export function printCalls(printer: Printer, service: ServicePlan, scope: Scope): void {
  const { file, refs, types, promise } = printer;
  for (const method of callable(service)) {
    const signature = [requestOf(printer, method, scope), "options?: ", types.callOptions];
    file.print(refs.doc(method.desc));
    file.print`  ${memberText(method.member)}(${signature}): ${promise(responseOf(printer, method))};`;
  }
}

/** Prints the members that send one-way. */
export function printSends(printer: Printer, service: ServicePlan, scope: Scope): void {
  for (const method of callable(service)) {
    printSendMember(printer, method, memberText(method.member), scope, printer.types.sendOptions);
  }
}

/** Prints a member that sends one-way, or a comment if the request cannot be sent. */
export function printSendMember(
  printer: Printer,
  method: MethodPlan,
  name: string,
  scope: Scope,
  options: Printable,
): void {
  const { file, refs, types, promise } = printer;
  const { desc } = method;
  if (!types.canSend(desc.input)) {
    file.print`  // ${desc.toString()} cannot be sent in JSON: ${desc.input.typeName} is not a JSON object.`;
    return;
  }
  const signature = [requestOf(printer, method, scope), "options?: ", options];
  file.print(refs.sendDoc(desc));
  file.print`  ${name}(${signature}): ${promise(types.invocation(responseOf(printer, method)))};`;
}

/** Returns the parameter for the request with its comma; empty for `google.protobuf.Empty`. */
function requestOf({ types }: Printer, { request, key }: MethodPlan, scope: Scope): Printable {
  if (request === undefined) {
    return [];
  }
  if (scope === "service" || key === undefined) {
    return ["request: ", types.request(request), ", "];
  }
  const name = key.alone ? "request?: " : "request: ";
  return [name, types.requestWithoutKey(request, key), ", "];
}

/** Returns the type that a method resolves to. */
export function responseOf({ types }: Printer, { response }: MethodPlan): Printable {
  return response === undefined ? "void" : types.response(response);
}

function callable({ methods }: ServicePlan): readonly MethodPlan[] {
  return methods.filter(({ kind }) => kind !== "run");
}
