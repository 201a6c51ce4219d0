import { jsonLine, type LogLevel, printable, textLines } from "./log-line.ts";
import type { LogFields, Logger } from "./logger.ts";

/** `text`: readable lines with a time. `json`: one JSON object per line. */
export type LogFormat = "text" | "json";

export interface LineLoggerOptions {
  readonly format?: LogFormat | undefined;
  /** Takes whole lines, each with its line feed. Default: standard error. */
  readonly write?: ((lines: string) => void) | undefined;
}

/** A logger that writes lines, and leaves `debug` out. */
export function lineLogger({ format = "text", write = writeToStderr }: LineLoggerOptions = {}): Logger {
  const line = format === "json" ? jsonLine : textLines;
  const log = (level: LogLevel) => (message: string, fields?: LogFields) => {
    write(line({ level, message: printable(message), fields: fields ?? {}, time: new Date() }));
  };
  return { debug() {}, info: log("info"), warn: log("warn"), error: log("error") };
}

function writeToStderr(lines: string): void {
  process.stderr.write(lines);
}
