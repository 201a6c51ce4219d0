import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchContext, RunPart } from "../context.ts";
import { pinned } from "../measure/cores.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const peers = fileURLToPath(new URL("../peers/", import.meta.url));

/** What is imported, and the folder whose packages it is imported from. */
const imports = [
  { contender: "bare Node", specifier: undefined, folder: repository },
  { contender: "restate-connect/node", specifier: "restate-connect/node", folder: repository },
  { contender: "restate-connect/web", specifier: "restate-connect/web", folder: repository },
  { contender: "restate-connect/ingress", specifier: "restate-connect/ingress", folder: repository },
  { contender: "connect-node", specifier: "@connectrpc/connect-node", folder: repository },
  { contender: "grpc-js", specifier: "@grpc/grpc-js", folder: peers },
] as const;

/** A process takes a fifth of a second: there is time for more rounds than elsewhere. */
const roundsEach = 3;

/** A new process that imports an entry point and ends. Files are in the system's cache. */
export const run: RunPart = async (context) => {
  const turns = imports.map(
    ({ contender, specifier, folder }): Turn => ({
      work: "import",
      contender,
      measure: () => measureImport(context, specifier, folder),
    }),
  );
  await takeTurns(turns, 1, () => context.progress("warming up"));
  return takeTurns(turns, context.rounds * roundsEach, context.progress);
};

async function measureImport({ cores }: BenchContext, specifier: string | undefined, cwd: string) {
  const script = [
    ...(specifier === undefined ? [] : [`await import(${JSON.stringify(specifier)});`]),
    "const { user, system } = process.cpuUsage();",
    "process.stdout.write(String(user + system));",
  ].join("\n");
  const [command, args] = pinned(cores?.server, process.execPath, ["--input-type=module", "--eval", script]);
  const started = performance.now();
  const { stdout } = await promisify(execFile)(command, args, { cwd });
  return { milliseconds: performance.now() - started, cpuMilliseconds: Number(stdout) / 1_000 };
}
