import { styleText } from "node:util";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { packageVersion } from "../package.ts";
import { addCall } from "./commands/call.ts";
import { addCompletion } from "./commands/completion.ts";
import { addInvocations } from "./commands/invocations.ts";
import { addAttach, addOutput } from "./commands/outcome.ts";
import { addGenerate, addInit, addProtos, addPull } from "./commands/project.ts";
import { addRegister } from "./commands/register.ts";
import { addScaffold } from "./commands/scaffold.ts";
import { addSend } from "./commands/send.ts";
import { addServe } from "./commands/serve.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the command line and resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (reason) {
    if (reason instanceof CommanderError && (reason.exitCode === 0 || reason.code === "commander.help")) {
      return reason.exitCode; // It printed its help or version.
    }
    if (reason instanceof CommanderError || reason instanceof UsageError) {
      const { errorReport } = await import("./error-report.ts");
      process.stderr.write(errorReport(reason, args));
      return 1;
    }
    throw reason;
  }
}

/** All commands and their options. What a command does is loaded when it runs. */
export function createProgram(): Command {
  const program = new Command("restate-connect")
    .description("Serves, calls and manages Restate services over Connect, gRPC and gRPC-web.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ styleTitle: (title) => styleText("bold", title) })
    .exitOverride();
  for (const add of [
    addInit,
    addGenerate,
    addProtos,
    addPull,
    addServe,
    addCall,
    addSend,
    addAttach,
    addOutput,
    addInvocations,
    addRegister,
    addScaffold,
    addCompletion,
  ]) {
    add(program);
  }
  return program;
}
