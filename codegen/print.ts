import type { GeneratedFile, Schema, Target } from "@bufbuild/protoplugin";
import type { PluginOptions } from "./options.ts";
import { planFile, type ServicePlan } from "./plan.ts";
import { printClientTypes } from "./print-client.ts";
import { printCreateClient } from "./print-create-client.ts";
import { printCreateJsonClient } from "./print-create-json-client.ts";
import { printHandlers } from "./print-handlers.ts";
import { createJsonPrinter, createPrinter, type Printer } from "./printer.ts";
import { createReferences } from "./references.ts";

/**
 * Prints `x_restate.ts`, `.js` or `.d.ts` for each proto file, and `x_restate_json` with `json_client=true`.
 * A declaration is the TypeScript module without function bodies; JavaScript is the
 * TypeScript module without types.
 */
export function printFiles(schema: Schema<PluginOptions>, target: Target): void {
  const referencesOf = createReferences();
  const extension = target === "dts" ? "d.ts" : target;
  const open = (name: string): GeneratedFile => schema.generateFile(`${name}.${extension}`);
  for (const desc of schema.files) {
    const file = open(`${desc.name}_restate`);
    file.preamble(desc);
    const plan = planFile(desc);
    printModule(createPrinter(plan, file, target, referencesOf(file)), plan.services);
    if (schema.options.jsonClient) {
      const jsonFile = open(`${desc.name}_restate_json`);
      jsonFile.preamble(desc);
      const printer = createJsonPrinter(jsonFile, target, referencesOf(jsonFile));
      printJsonModule(printer, planFile(desc, "Json").services);
    }
  }
}

function printModule(printer: Printer, services: readonly ServicePlan[]): void {
  for (const service of services) {
    if (printer.target !== "js") {
      printClientTypes(printer, service);
    }
    printCreateClient(printer, service);
    if (printer.target !== "js") {
      printHandlers(printer, service);
    }
  }
}

function printJsonModule(printer: Printer, services: readonly ServicePlan[]): void {
  for (const service of services) {
    if (printer.target !== "js") {
      printClientTypes(printer, service);
    }
    printCreateJsonClient(printer, service);
  }
}
