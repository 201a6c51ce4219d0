import { type Command, Option } from "@commander-js/extra-typings";
import { parseDuration } from "../parse.ts";
import { headerOption, idempotencyKeyOption, jsonOption, keyOption, urlOption } from "./options.ts";

/** `restate-connect send`. */
export function addSend(program: Command): void {
  program
    .command("send")
    .summary("send a one-way invocation")
    .description(
      "Sends a one-way invocation and prints its id, once the ingress holds it. " +
        "The request is checked against the descriptor of the service, which the ingress gives by reflection.",
    )
    .argument("<Service/Method>", "for example org.example.Greeter/Greet")
    .argument("[request]", "JSON, @file, or - for standard input", "{}")
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(
      new Option("--delay <time>", "run this much later (1500ms, 10s, 5m, 2h, 1d)").argParser(
        parseDuration("--delay"),
      ),
    )
    .addOption(idempotencyKeyOption())
    .addOption(headerOption())
    .addOption(jsonOption())
    .addHelpText("after", `\nExample:\n  restate-connect send org.example.Greeter/Greet '{"name": "Pete"}'`)
    .action(async (path, request, options) =>
      (await import("../request/send.ts")).send(path, request, options),
    );
}
