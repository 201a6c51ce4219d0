import type { Printable } from "@bufbuild/protoplugin";
import type { MethodPlan, ServicePlan } from "./plan.ts";
import { memberText, type Printer } from "./printer.ts";

/** Whose methods an interface has: those of the whole service, or those of the object that `key()` named. */
type Scope = "service" | "object";

/** Prints the types of a service's client. */
export function printClientTypes(printer: Printer, service: ServicePlan): void {
  const { file, refs } = printer;
  const { names, keyed, desc } = service;

  for (const method of service.skipped) {
    file.print`// ${method.toString()} is left out: it streams, and Restate has no streams.`;
  }
  file.print(refs.doc(desc));
  openInterface(printer, names.client);
  printCalls(printer, service, "service");
  printSend(printer, names.sendClient);
  if (keyed) printKey(printer, names.objectClient);
  closeInterface(printer);

  file.print(file.jsDoc(`One-way invocations of ${desc.typeName}.`));
  openInterface(printer, names.sendClient);
  printSends(printer, service, "service");
  closeInterface(printer);
  if (!keyed) return;

  file.print(
    file.jsDoc(`The object of ${desc.typeName} that has one key. Its requests are without the key.`),
  );
  openInterface(printer, names.objectClient);
  printCalls(printer, service, "object");
  printSend(printer, names.objectSendClient);
  closeInterface(printer);

  file.print(file.jsDoc(`One-way invocations of the object of ${desc.typeName} that has one key.`));
  openInterface(printer, names.objectSendClient);
  printSends(printer, service, "object");
  closeInterface(printer);
}

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

function openInterface({ file }: Printer, name: string): void {
  file.print`${file.export("interface", name)} {`;
}

function closeInterface({ file }: Printer): void {
  file.print`}`;
  file.print();
}

function printCalls(printer: Printer, { methods }: ServicePlan, scope: Scope): void {
  const { file, refs, promise } = printer;
  for (const method of methods) {
    const signature = [requestOf(printer, method, scope), "options?: ", refs.type("CallOptions")];
    file.print(refs.doc(method.desc));
    file.print`  ${memberText(method.member)}(${signature}): ${promise(responseOf(printer, method))};`;
  }
}

function printSends(printer: Printer, { methods }: ServicePlan, scope: Scope): void {
  const { file, refs, promise } = printer;
  for (const method of methods) {
    const signature = [requestOf(printer, method, scope), "options?: ", refs.type("SendOptions")];
    const invocation = [refs.type("Invocation"), "<", responseOf(printer, method), ">"];
    file.print(refs.doc(method.desc));
    file.print`  ${memberText(method.member)}(${signature}): ${promise(invocation)};`;
  }
}

/** The parameter for the request, with the comma after it; nothing for `google.protobuf.Empty`. */
function requestOf({ file, refs }: Printer, { request, key }: MethodPlan, scope: Scope): Printable {
  if (request === undefined) return [];
  const schema = ["typeof ", refs.schema(request)];
  if (scope === "service" || key === undefined) {
    return ["request: ", refs.type("MessageInitShape"), "<", schema, ">, "];
  }
  const name = key.alone ? "request?: " : "request: ";
  return [name, refs.type("Keyless"), "<", schema, ", ", file.string(key.localName), ">, "];
}

function responseOf({ refs }: Printer, { response }: MethodPlan): Printable {
  return response === undefined ? "void" : refs.shape(response);
}

function printSend({ file }: Printer, name: string): void {
  file.print(file.jsDoc("One-way invocations: each resolves once the ingress holds the invocation.", "  "));
  file.print`  readonly send: ${name};`;
}

function printKey({ file }: Printer, name: string): void {
  file.print(file.jsDoc("The object with this key.", "  "));
  file.print`  key(key: string): ${name};`;
}
