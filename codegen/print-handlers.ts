import type { Printable } from "@bufbuild/protoplugin";
import type { MethodPlan, ServicePlan } from "./plan.ts";
import { memberText, type Printer } from "./printer.ts";

/** Prints the interface of the handlers of a service. */
export function printHandlers(printer: Printer, { desc, names, methods }: ServicePlan): void {
  const { file, refs } = printer;
  file.print(file.jsDoc(`The handlers of ${desc.typeName}: the second argument of \`service()\`.`));
  file.print`${file.export("interface", names.handlers)} {`;
  for (const method of methods) {
    const signature = ["request: ", refs.shape(method.desc.input), ", ctx: ", refs.type("Context")];
    file.print(refs.doc(method.desc));
    file.print`  ${memberText(method.handler)}(${signature}): ${resultOf(printer, method)};`;
  }
  file.print`}`;
  file.print();
}

function resultOf({ refs, promise }: Printer, { desc, response }: MethodPlan): Printable {
  const message: Printable = [refs.type("MessageInitShape"), "<typeof ", refs.schema(desc.output), ">"];
  const result = response === undefined ? [message, " | void"] : message;
  return [promise(result), " | ", result];
}
