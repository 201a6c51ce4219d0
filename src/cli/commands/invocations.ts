import { type Command, Option } from "@commander-js/extra-typings";
import { collect, parseDuration, parseWholeNumber } from "../parse.ts";
import { adminOption, jsonOption } from "./options.ts";

const idsArgument = [
  "[ids...]",
  "ids of invocations, or none to take those that the options select",
] as const;

/** `restate-connect invocations`, with its own commands. */
export function addInvocations(program: Command): void {
  const invocations = program
    .command("invocations")
    .summary("list, inspect, cancel, kill and purge invocations")
    .description("Lists, inspects, cancels, kills and purges invocations through the admin API.");
  withFilters(invocations.command("list"))
    .summary("list invocations, the newest first")
    .addOption(
      new Option("--limit <n>", "list at most this many")
        .argParser(parseWholeNumber("--limit", 1))
        .default(100),
    )
    .option("--watch", "list again every second, until Ctrl-C")
    .addOption(jsonOption())
    .action(async (options) => (await import("../invocations/list.ts")).list(options));
  invocations
    .command("get")
    .summary("show the status of invocations")
    .argument("<ids...>", "ids of invocations")
    .addOption(adminOption())
    .addOption(jsonOption())
    .action(async (ids, options) => (await import("../invocations/get.ts")).get(ids, options));
  const actions = [
    ["cancel", "ask invocations to stop: a running handler sees its signal abort, a waiting one never runs"],
    ["kill", "end invocations at once, without waiting for their handlers"],
    ["purge", "delete finished invocations and their results"],
  ] as const;
  for (const [action, summary] of actions) {
    withFilters(invocations.command(action))
      .summary(summary)
      .argument(...idsArgument)
      .option("-y, --yes", "do not ask before acting on selected invocations")
      .addOption(jsonOption())
      .action(async (ids, options) => (await import("../invocations/end.ts")).end(action, ids, options));
  }
}

function withFilters(command: Command) {
  return command
    .addOption(adminOption())
    .option("--service <name>", "only this service")
    .option("--method <name>", "only this method")
    .option("--key <key>", "only this object key")
    .addOption(
      new Option(
        "--state <state>",
        "only this state; may repeat (scheduled, pending, running, backing-off, succeeded, failed)",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--older-than <time>",
        "only those created at least this long ago (10s, 5m, 2h, 1d)",
      ).argParser(parseDuration("--older-than")),
    );
}
