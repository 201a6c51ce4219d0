import type { Command } from "@commander-js/extra-typings";
import { jsonOption, timeoutOption, urlOption } from "./options.ts";

/** `restate-connect attach`. */
export function addAttach(program: Command): void {
  program
    .command("attach")
    .summary("wait for the result of an invocation")
    .description("Waits until an invocation has ended and prints its response as JSON.")
    .argument("<id>", "the id of the invocation, which send prints")
    .addOption(urlOption())
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .action(async (id, options) => (await import("../request/outcome.ts")).attach(id, options));
}

/** `restate-connect output`. */
export function addOutput(program: Command): void {
  program
    .command("output")
    .summary("print the result of an invocation that has ended")
    .description(
      "Prints the response of an invocation as JSON. Does not wait: exits with 1 while the invocation has not ended.",
    )
    .argument("<id>", "the id of the invocation, which send prints")
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (id, options) => (await import("../request/outcome.ts")).output(id, options));
}
