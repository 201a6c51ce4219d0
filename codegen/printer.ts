import type { GeneratedFile, Printable, Target } from "@bufbuild/protoplugin";
import { type ClientTypes, jsonTypes, messageTypes } from "./client-types.ts";
import type { FilePlan } from "./plan.ts";
import type { References } from "./references.ts";

/** State that the printing functions share while they write a module. */
export interface Printer {
  readonly file: GeneratedFile;
  readonly target: Target;
  readonly refs: References;
  readonly types: ClientTypes;
  /** `Promise<…>`, or `globalThis.Promise<…>` in a file with a message called Promise. */
  promise(of: Printable): Printable;
}

/** Creates the printer of a module. */
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

/** Creates the printer of a module of JSON clients: all names that these import end in Json. */
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

/** Returns the name of a method in an interface. `new` is quoted: `new(` would begin a construct signature. */
export function memberText(name: string): string {
  return name === "new" ? '"new"' : name;
}
