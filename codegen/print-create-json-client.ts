import type { Printable } from "@bufbuild/protoplugin";
import type { MethodPlan, ServicePlan } from "./plan.ts";
import { printCreateFunction } from "./print-create-client.ts";
import type { Printer } from "./printer.ts";

/** Prints the function that creates the JSON client of a service, with the parts of the descriptor that it needs. */
export function printCreateJsonClient(printer: Printer, service: ServicePlan): void {
  const { file, refs } = printer;
  printCreateFunction(printer, service, "options", refs.type("JsonClientOptions"), () => {
    file.print`  return ${refs.createJsonClient()}({`;
    file.print`    name: ${file.string(service.desc.typeName)},`;
    file.print`    kind: ${file.string(service.kind)},`;
    file.print`    methods: {`;
    for (const method of service.methods) {
      file.print`      ${method.kind === "run" ? "submit" : method.member}: { ${aboutMethod(printer, method)} },`;
    }
    file.print`    },`;
    file.print`  }, options);`;
  });
}

function aboutMethod({ file }: Printer, { desc, kind, request, response, key }: MethodPlan): Printable {
  return [
    ["name: ", file.string(desc.name)],
    key === undefined ? [] : [", key: ", file.string(key.jsonName)],
    kind === "run" ? ", run: true" : [],
    request === undefined ? ", noRequest: true" : [],
    response === undefined ? ", noResponse: true" : [],
  ];
}
