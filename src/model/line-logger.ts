import { jsonLine, type LogLevel, printable, textLines } from "./log-line.ts";
import type { LogFields, Logger } from "./logger.ts";

/** `text`: readable lines with a time. `json`: one JSON object per line. */
export type LogFormat = "text" | "json";

export interface LineLoggerOptions {
  readonly format?: LogFormat | undefined;
  /** The least important level that is written. Default: `info`. */
  readonly level?: LogLevel | undefined;
  /** Takes whole lines, each with its line feed. Default: standard error. */
  readonly write?: ((lines: string) => void) | undefined;
}

/** From the least important. */
export const logLevels = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];

/** A logger that writes lines. */
export function lineLogger({
  format = "text",
  level = "info",
  write = writeToStderr,
}: LineLoggerOptions = {}): Logger {
  const line = format === "json" ? jsonLine : textLines;
  const written = new Set(logLevels.slice(logLevels.indexOf(level)));
  const log = (level: LogLevel) =>
    written.has(level)
      ? (message: string, fields?: LogFields) => {
          write(line({ level, message: printable(message), fields: fields ?? {}, time: new Date() }));
        }
      : () => undefined;
  return {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    isDebugEnabled: () => written.has("debug"),
  };
}

function writeToStderr(lines: string): void {
  process.stderr.write(lines);
}
