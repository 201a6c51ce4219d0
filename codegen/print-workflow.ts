import type { MethodPlan, ServicePlan } from "./plan.ts";
import { closeInterface, openInterface, printSend } from "./print-interface.ts";
import { printCalls, printSendMember, printSends, responseOf } from "./print-methods.ts";
import type { Printer } from "./printer.ts";

/** Prints the interface that `workflow()` returns: the run as `submit`, `attach` and `output`, and the other methods. */
export function printWorkflow(printer: Printer, service: ServicePlan): void {
  const { file } = printer;
  const { names, desc, methods } = service;
  file.print(file.jsDoc(`The workflow of ${desc.typeName} that has one id. It runs once.`));
  openInterface(printer, names.workflowClient);
  for (const method of methods.filter(({ kind }) => kind === "run")) {
    printRun(printer, method);
  }
  printCalls(printer, service, "service");
  printSend(printer, names.workflowSendClient);
  closeInterface(printer);

  file.print(file.jsDoc(`One-way invocations of the workflow of ${desc.typeName} that has one id.`));
  openInterface(printer, names.workflowSendClient);
  printSends(printer, service, "service");
  closeInterface(printer);
}

function printRun(printer: Printer, method: MethodPlan): void {
  const { file, types, promise } = printer;
  const { desc } = method;
  printSendMember(printer, method, "submit", "service", types.submitOptions);
  if (!types.attaches) {
    return;
  }

  const options = ["options?: ", types.callOptions];
  file.print(file.jsDoc(`Waits for the outcome of ${desc.name}, even if another client submitted it.`, "  "));
  file.print`  attach(${options}): ${promise(responseOf(printer, method))};`;

  file.print(
    file.jsDoc(`Returns the outcome of ${desc.name}, or undefined while it runs. Does not wait.`, "  "),
  );
  // Not void for google.protobuf.Empty: an Empty message means that the workflow has finished.
  file.print`  output(${options}): ${promise([types.response(desc.output), " | undefined"])};`;
}
