import { GenerateError } from "../../codegen/generate-error.ts";
import { scaffold } from "../../codegen/scaffold/scaffold.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Adds the handlers that the code lacks, and prints them. Sets the exit code 1 if handlers are still missing.
 *
 * @throws UsageError when the files have no service() call or cannot be read.
 */
export async function scaffoldHandlers(
  files: readonly string[],
  { dryRun = false }: { readonly dryRun?: true | undefined | false },
): Promise<void> {
  const { calls, added, missing } = await scaffold(files, dryRun).catch((reason) => {
    throw reason instanceof GenerateError ? new UsageError(reason.message, { cause: reason }) : reason;
  });
  if (calls === 0) {
    throw new UsageError(
      "found no call of service() from restate-connect in these files: name other files, or another tsconfig.json",
    );
  }
  const lines = [...added.map((line) => `added    ${line}`), ...missing.map((line) => `missing  ${line}`)];
  const nothing = `all handlers are there, in ${calls} service() call${calls === 1 ? "" : "s"}`;
  process.stdout.write(`${lines.length === 0 ? nothing : lines.join("\n")}\n`);
  if (missing.length > 0) {
    process.exitCode = 1;
  }
}
