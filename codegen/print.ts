import type { Schema, Target } from "@bufbuild/protoplugin";
import type { PluginOptions } from "./options.ts";
import { type FilePlan, planFile } from "./plan.ts";
import { printClientTypes } from "./print-client.ts";
import { printCreateClient } from "./print-create-client.ts";
import { printHandlers } from "./print-handlers.ts";
import { createPrinter, type Printer } from "./printer.ts";
import { createReferences } from "./references.ts";

/**
 * Prints `x_restate.ts`, `.js` or `.d.ts` for each proto file. All three come from here: a declaration is
 * the module without its function bodies, JavaScript is the module without its types.
 */
export function printFiles(schema: Schema<PluginOptions>, target: Target): void {
  const referencesOf = createReferences();
  for (const desc of schema.files) {
    const plan = planFile(desc);
    const file = schema.generateFile(`${desc.name}_restate.${extensionOf(target)}`);
    file.preamble(desc);
    printModule(createPrinter(plan, file, target, referencesOf(file)), plan);
  }
}

function printModule(printer: Printer, plan: FilePlan): void {
  for (const service of plan.services) {
    if (printer.target !== "js") printClientTypes(printer, service);
    printCreateClient(printer, service);
    if (printer.target !== "js") printHandlers(printer, service);
  }
}

function extensionOf(target: Target): string {
  return target === "dts" ? "d.ts" : target;
}
