import type { ServicePlan } from "./plan.ts";
import type { Printer } from "./printer.ts";

/** Prints the function that creates a service's client. */
export function printCreateClient({ file, refs, target }: Printer, { desc, names }: ServicePlan): void {
  const descriptor = refs.service(desc);
  // A service may be called `transport` itself.
  const parameter = descriptor.name === "transport" ? "transport$" : "transport";
  const text = `Creates a typed client of ${desc.typeName}.`;
  file.print(file.jsDoc(desc.deprecated ? `${text}\n\n@deprecated` : text));
  const keyword = target === "dts" ? "declare function" : "function";
  const type = target === "js" ? [] : [": ", refs.type("Transport")];
  const result = target === "js" ? [] : [": ", names.client];
  const signature = [file.export(keyword, names.create), "(", parameter, type, ")", result];
  if (target === "dts") {
    file.print`${signature};`;
  } else {
    file.print`${signature} {`;
    file.print`  return ${refs.createClient()}(${descriptor}, ${parameter});`;
    file.print`}`;
  }
  file.print();
}
