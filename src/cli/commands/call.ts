import type { Command } from "@commander-js/extra-typings";
import {
  headerOption,
  idempotencyKeyOption,
  jsonOption,
  keyOption,
  timeoutOption,
  urlOption,
} from "./options.ts";

/** `restate-connect call`. */
export function addCall(program: Command): void {
  program
    .command("call")
    .summary("call a method and print its response")
    .description(
      "Calls a method, waits for its response and prints the response as JSON. " +
        "The request is checked against the descriptor of the service, which the ingress gives by reflection.",
    )
    .argument("<Service/Method>", "for example org.example.Greeter/Greet")
    .argument("[request]", "JSON, @file, or - for standard input", "{}")
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(idempotencyKeyOption())
    .addOption(headerOption())
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText("after", `\nExample:\n  restate-connect call org.example.Greeter/Greet '{"name": "Pete"}'`)
    .action(async (path, request, options) =>
      (await import("../request/call.ts")).call(path, request, options),
    );
}
