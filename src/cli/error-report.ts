import { ConnectError } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import { escapeControls } from "../model/excerpt.ts";
import { UsageError } from "./usage-error.ts";

/**
 * What stderr says about an error: one line for people, or `{"error": {"code", "message"}}` when the
 * arguments ask for JSON. `code` is the Connect code of the server's error, or `usage`.
 */
export function errorReport(reason: Error, args: readonly string[]): string {
  const message = reason instanceof UsageError ? reason.message : argumentMessage(reason.message, args);
  if (args.includes("--json")) {
    const code = reason.cause instanceof ConnectError ? codeToString(reason.cause.code) : "usage";
    return `${JSON.stringify({ error: { code, message } })}\n`;
  }
  // It may quote what others wrote, which must not steer the terminal.
  return `restate-connect: ${message.split("\n").map(escapeControls).join("\n")}\n`;
}

/** The names of commands that have commands of their own. */
const groups: ReadonlySet<string> = new Set(["invocations"]);

/** Commander's message in one line, and where to find help. */
function argumentMessage(message: string, args: readonly string[]): string {
  const [command = "", subcommand = ""] = args.filter((arg) => !arg.startsWith("-"));
  const path =
    groups.has(command) && !message.includes(`'${subcommand}'`) ? [command, subcommand] : [command];
  const known = path.filter((part) => part !== "" && !message.includes(`unknown command '${part}'`));
  const help = ["restate-connect", ...known, "--help"].join(" ");
  return `${message.replace(/^error: /, "").replaceAll("\n", " ")} (see ${help})`;
}
