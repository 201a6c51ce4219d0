import type { Command } from "@commander-js/extra-typings";

/** `restate-connect scaffold`. */
export function addScaffold(program: Command): void {
  program
    .command("scaffold")
    .summary("add the handlers that your code lacks")
    .description(
      "Finds the service(Descriptor, { ... }) calls in your code and adds the handlers that their objects lack. " +
        'Each handler throws "unimplemented" until you write it. The rest of your code stays as it is. Needs protoc-gen-restate-es and ts-morph.',
    )
    .argument("[files...]", "TypeScript files or a tsconfig.json (default: ./tsconfig.json)")
    .option("--dry-run", "print what is missing and change nothing")
    .addHelpText(
      "after",
      "\nExits with 1 if handlers are still missing: in a dry run, or if there is no object to add them to.",
    )
    .action(async (files, options) => (await import("../scaffold.ts")).scaffoldHandlers(files, options));
}
