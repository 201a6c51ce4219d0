import { parseArgs } from "node:util";
import { GenerateError } from "../../codegen/generate-error.ts";
import { scaffold } from "../../codegen/scaffold/scaffold.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./usage-error.ts";

const help = `Usage: restate-connect scaffold [files or tsconfig.json] [options]

Finds the service(Descriptor, { ... }) calls in your code, and adds the handlers that their objects lack.
Each throws "unimplemented" until you write it. The rest of your code stays as it is.
Looks at the files of ./tsconfig.json, unless told where to look. Needs ts-morph.

Options:
  --dry-run   tell what is missing, and change nothing
  --help      this text

Exits with 1 when handlers are missing in the end: in a dry run, or where there is no object to add them to.
`;

export const command: Command = { help, run };

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { "dry-run": { type: "boolean", default: false } },
  });
  const { calls, added, missing } = await scaffold(positionals, values["dry-run"]).catch((reason) => {
    throw reason instanceof GenerateError ? new UsageError(reason.message, { cause: reason }) : reason;
  });
  if (calls === 0) {
    throw new UsageError(
      "no call of service() from restate-connect in these files: name others, or another tsconfig.json",
    );
  }
  const lines = [...added.map((line) => `added    ${line}`), ...missing.map((line) => `missing  ${line}`)];
  const nothing = `all handlers are there, in ${calls} service() call${calls === 1 ? "" : "s"}`;
  process.stdout.write(`${lines.length === 0 ? nothing : lines.join("\n")}\n`);
  return missing.length === 0 ? 0 : 1;
}
