import type { GeneratedFile, Printable, Target } from "@bufbuild/protoplugin";
import { type ClientTypes, jsonTypes, messageTypes } from "./client-types.ts";
import type { FilePlan } from "./plan.ts";
import type { References } from "./references.ts";

/** What the printing functions share while they write one module. */
export interface Printer {
  readonly file: GeneratedFile;
  readonly target: Target;
  readonly refs: References;
  readonly types: ClientTypes;
  /** `Promise<…>`, also where a message is called Promise. */
  promise(of: Printable): Printable;
}

/** A printer for one module. */
export function createPrinter(
  plan: FilePlan,
  file: GeneratedFile,
  target: Target,
  refs: References,
): Printer {
  const promise = importsPromise(plan, refs) ? "globalThis.Promise" : "Promise";
  const types = messageTypes(file, refs);
  return { file, target, refs, types, promise: (of) => [promise, "<", of, ">"] };
}

/** A printer for one module of clients that are typed by JSON: all that these import has a name that ends in Json. */
export function createJsonPrinter(file: GeneratedFile, target: Target, refs: References): Printer {
  return { file, target, refs, types: jsonTypes(file, refs), promise: (of) => ["Promise<", of, ">"] };
}

function importsPromise(plan: FilePlan, refs: References): boolean {
  return plan.services.some(
    (service) =>
      refs.service(service.desc).name === "Promise" ||
      service.methods.some(({ desc }) =>
        [desc.input, desc.output].some((message) => refs.shape(message).name === "Promise"),
      ),
  );
}

/** A method's name in an interface, where `new(` would begin a construct signature. */
export function memberText(name: string): string {
  return name === "new" ? '"new"' : name;
}
