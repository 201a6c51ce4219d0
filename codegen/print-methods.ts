import type { Printable } from "@bufbuild/protoplugin";
import type { MethodPlan, ServicePlan } from "./plan.ts";
import { memberText, type Printer } from "./printer.ts";

/** Whose methods an interface has: those of the whole service, or those of the object that `key()` named. */
export type Scope = "service" | "object";

/** Prints the members that call. The run of a workflow is none of them: it is submitted. */
export function printCalls(printer: Printer, service: ServicePlan, scope: Scope): void {
  const { file, refs, promise } = printer;
  for (const method of callable(service)) {
    const signature = [requestOf(printer, method, scope), "options?: ", refs.type("CallOptions")];
    file.print(refs.doc(method.desc));
    file.print`  ${memberText(method.member)}(${signature}): ${promise(responseOf(printer, method))};`;
  }
}

/** Prints the members that send one way. */
export function printSends(printer: Printer, service: ServicePlan, scope: Scope): void {
  const { file, refs, promise } = printer;
  for (const method of callable(service)) {
    const signature = [requestOf(printer, method, scope), "options?: ", refs.type("SendOptions")];
    file.print(refs.doc(method.desc));
    file.print`  ${memberText(method.member)}(${signature}): ${promise(invocationOf(printer, method))};`;
  }
}

/** The handle of a method's invocation. */
export function invocationOf(printer: Printer, method: MethodPlan): Printable {
  return [printer.refs.type("Invocation"), "<", responseOf(printer, method), ">"];
}

/** The parameter for the request, with the comma after it; nothing for `google.protobuf.Empty`. */
export function requestOf({ file, refs }: Printer, { request, key }: MethodPlan, scope: Scope): Printable {
  if (request === undefined) return [];
  const schema = ["typeof ", refs.schema(request)];
  if (scope === "service" || key === undefined) {
    return ["request: ", refs.type("MessageInitShape"), "<", schema, ">, "];
  }
  const name = key.alone ? "request?: " : "request: ";
  return [name, refs.type("Keyless"), "<", schema, ", ", file.string(key.localName), ">, "];
}

/** What a method resolves to. */
export function responseOf({ refs }: Printer, { response }: MethodPlan): Printable {
  return response === undefined ? "void" : refs.shape(response);
}

function callable({ methods }: ServicePlan): readonly MethodPlan[] {
  return methods.filter(({ kind }) => kind !== "run");
}
