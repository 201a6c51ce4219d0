import type { Command } from "./store/protocol.ts";

/** What a command carries for others, bytes: what a great many of them weigh in memory, and in a batch. */
export function payloadBytes(command: Command): number {
  switch (command.op) {
    case "accept":
      return command.input.length;
    case "complete":
      return command.outcome.body?.length ?? 0;
    case "awaken":
      return command.completion.body.length;
    default:
      return 0;
  }
}
