import type { ServicePlan } from "./plan.ts";
import { closeInterface, openInterface, printSend } from "./print-interface.ts";
import { printCalls, printSends, type Scope } from "./print-methods.ts";
import { printWorkflow } from "./print-workflow.ts";
import type { Printer } from "./printer.ts";

/** Prints the types of a service's client. */
export function printClientTypes(printer: Printer, service: ServicePlan): void {
  const { file, refs } = printer;
  const { names, kind, desc } = service;

  for (const method of service.skipped) {
    file.print`// ${method.toString()} is left out: it is a streaming method, and Restate does not support streaming.`;
  }
  file.print(refs.doc(desc));
  openInterface(printer, names.client);
  switch (kind) {
    case "unkeyed":
    case "singleton":
      printMethods(printer, service, "service");
      closeInterface(printer);
      printSendClient(printer, service, "service");
      break;
    case "keyed":
      printMethods(printer, service, "service");
      printKey(printer, names.objectClient);
      closeInterface(printer);
      printSendClient(printer, service, "service");
      printObject(printer, service, "Its requests do not contain the key.");
      break;
    case "object":
      printKey(printer, names.objectClient);
      closeInterface(printer);
      printObject(printer, service, "The key is not a field of its requests.");
      break;
    case "workflow":
      file.print(file.jsDoc("Returns the client of the workflow with this id. Makes no request.", "  "));
      file.print`  workflow(id: string): ${names.workflowClient};`;
      closeInterface(printer);
      printWorkflow(printer, service);
      break;
  }
}

function printObject(printer: Printer, service: ServicePlan, aboutKey: string): void {
  const { file } = printer;
  const { names, desc } = service;
  file.print(file.jsDoc(`The object of ${desc.typeName} that has one key. ${aboutKey}`));
  openInterface(printer, names.objectClient);
  printMethods(printer, service, "object");
  closeInterface(printer);
  printSendClient(printer, service, "object");
}

/** Prints the methods of an interface and `send`. */
function printMethods(printer: Printer, service: ServicePlan, scope: Scope): void {
  printCalls(printer, service, scope);
  printSend(printer, scope === "service" ? service.names.sendClient : service.names.objectSendClient);
}

/** Prints the interface of `send`. */
function printSendClient(printer: Printer, service: ServicePlan, scope: Scope): void {
  const { file } = printer;
  const { names, desc } = service;
  const of = scope === "service" ? desc.typeName : `the object of ${desc.typeName} that has one key`;
  file.print(file.jsDoc(`One-way invocations of ${of}.`));
  openInterface(printer, scope === "service" ? names.sendClient : names.objectSendClient);
  printSends(printer, service, scope);
  closeInterface(printer);
}

function printKey({ file }: Printer, name: string): void {
  file.print(file.jsDoc("Returns the client of the object with this key. Makes no request.", "  "));
  file.print`  key(key: string): ${name};`;
}
