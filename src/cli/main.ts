import { packageVersion } from "../package.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./usage-error.ts";

interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  /** Loaded when asked for: `--help` need not wait for the server. */
  load(): Promise<{ readonly command: Command }>;
}

const commands: ReadonlyMap<string, CommandEntry> = new Map([
  ["serve", { summary: "serve services over Connect, gRPC and gRPC-web", load: () => import("./serve.ts") }],
  ["send", { summary: "send a one-way invocation", load: () => import("./send.ts") }],
  [
    "register",
    { summary: "make an endpoint known to a Restate server", load: () => import("./register.ts") },
  ],
  ["invocations", { summary: "list, look at and end invocations", load: () => import("./invocations.ts") }],
  ["scaffold", { summary: "add the handlers that service() lacks", load: () => import("./scaffold.ts") }],
]);

/** Runs the command line and resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // "help serve" is "serve --help".
  const [name, ...rest] = args[0] === "help" && args[1] !== undefined ? [args[1], "--help"] : args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(overview());
    return name === undefined ? 1 : 0;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const entry = commands.get(name);
  if (entry === undefined) {
    return fail(
      `unknown command ${JSON.stringify(name)}. The commands are: ${[...commands.keys()].join(", ")}`,
    );
  }
  const { command } = await entry.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(command.help);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (reason) {
    if (reason instanceof UsageError) {
      return fail(reason.message);
    }
    if (reason instanceof TypeError && "code" in reason && String(reason.code).startsWith("ERR_PARSE_ARGS")) {
      return fail(`${reason.message.split(". ", 1)[0]} (see restate-connect ${name} --help)`);
    }
    throw reason;
  }
}

function fail(message: string): number {
  process.stderr.write(`restate-connect: ${message}\n`);
  return 1;
}

function overview(): string {
  const width = Math.max(...[...commands.keys()].map((name) => name.length));
  const list = [...commands].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: restate-connect <command> [options]

Commands:
${list.join("\n")}

  restate-connect <command> --help   tells more
  restate-connect --version          tells the version
`;
}
