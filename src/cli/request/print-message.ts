import type { JsonValue } from "@bufbuild/protobuf";

/** Prints a message: JSON in one line for scripts, indented for people. */
export function printMessage(message: JsonValue, json: boolean | undefined): void {
  process.stdout.write(`${json === true ? JSON.stringify(message) : JSON.stringify(message, null, 2)}\n`);
}
