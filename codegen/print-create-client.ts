import type { ImportSymbol } from "@bufbuild/protoplugin";
import type { ServicePlan } from "./plan.ts";
import type { Printer } from "./printer.ts";

/** Prints the function that creates the client of a service. */
export function printCreateClient(printer: Printer, service: ServicePlan): void {
  const { file, refs } = printer;
  const descriptor = refs.service(service.desc);
  // A service may have the name `transport`.
  const parameter = descriptor.name === "transport" ? "transport$" : "transport";
  printCreateFunction(printer, service, parameter, refs.type("Transport"), () => {
    file.print`  return ${refs.createClient()}(${descriptor}, ${parameter});`;
  });
}

/** Prints a function with one parameter that creates the client of a service. A declaration has no body. */
export function printCreateFunction(
  { file, target }: Printer,
  { desc, names }: ServicePlan,
  parameter: string,
  parameterType: ImportSymbol,
  printBody: () => void,
): void {
  const text = `Creates a typed client of ${desc.typeName}.`;
  file.print(file.jsDoc(desc.deprecated ? `${text}\n\n@deprecated` : text));
  const keyword = target === "dts" ? "declare function" : "function";
  const type = target === "js" ? [] : [": ", parameterType];
  const result = target === "js" ? [] : [": ", names.client];
  const signature = [file.export(keyword, names.create), "(", parameter, type, ")", result];
  if (target === "dts") {
    file.print`${signature};`;
  } else {
    file.print`${signature} {`;
    printBody();
    file.print`}`;
  }
  file.print();
}
