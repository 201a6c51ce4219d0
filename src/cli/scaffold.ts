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
  const { scaffold, GenerateError } = await loadGenerator();
  const { calls, added, missing } = await scaffold(files, dryRun).catch((reason) => {
    throw reason instanceof GenerateError ? new UsageError(reason.message, { cause: reason }) : reason;
  });
  if (calls === 0) {
    throw new UsageError(
      "found no call of service() from restate-connect in these files: name other files, or another tsconfig.json",
    );
  }
  const lines = [...added.map((line) => `added    ${line}`), ...missing.map((line) => `missing  ${line}`)];
  const nothing = `no handler is missing in ${calls} service() call${calls === 1 ? "" : "s"}`;
  process.stdout.write(`${lines.length === 0 ? nothing : lines.join("\n")}\n`);
  if (missing.length > 0) {
    process.exitCode = 1;
  }
}

/** The generator is a package of its own: it brings a compiler, which a client or a server does not need. */
async function loadGenerator(): Promise<typeof import("protoc-gen-restate-es/scaffold")> {
  try {
    return await import("protoc-gen-restate-es/scaffold");
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") {
      throw cause;
    }
    throw new UsageError(
      "scaffold needs protoc-gen-restate-es, which is not installed: npm install --save-dev protoc-gen-restate-es",
      { cause },
    );
  }
}
