import { errorFrames } from "./error-frames.ts";
import { escapeControls } from "./excerpt.ts";
import { isError } from "./is-error.ts";
import type { LogFields } from "./logger.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly time: Date;
}

/** No text in a line is longer, characters: an error may quote a request of many megabytes. */
const maxTextLength = 2_000;

/** How many causes of an error are shown. */
const maxCauses = 4;

/** Replaces each control character by its escape, and cuts what is too long for a line. */
export function printable(text: string): string {
  return escapeControls(
    text.length > maxTextLength
      ? `${text.slice(0, maxTextLength)}… (${text.length - maxTextLength} more characters)`
      : text,
  );
}

/** A readable line: time, level, message, `name=value`. The stack of an error follows, a frame on a line. */
export function textLines({ level, message, fields, time }: LogEntry): string {
  const pairs: string[] = [];
  const frames: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      pairs.push(` ${printable(name)}=${quoted(value)}`);
      frames.push(...stackLines(value));
    }
  }
  const line = `${time.toISOString()} ${level.toUpperCase().padEnd(5)} ${message}${pairs.join("")}`;
  return `${[line, ...frames].join("\n")}\n`;
}

/** One JSON object: `time`, `level`, `message`, and the fields. Errors become objects. */
export function jsonLine({ level, message, fields, time }: LogEntry): string {
  const shown = Object.entries(fields).map(([name, value]) => [printable(name), jsonValue(value)]);
  return `${JSON.stringify({ ...Object.fromEntries(shown), time: time.toISOString(), level, message })}\n`;
}

/** Quotes a value, unless it is a single word. */
function quoted(value: unknown): string {
  const text = printable(textOf(value));
  return /^[^\s"=]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}

function jsonValue(value: unknown): unknown {
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) {
    return value;
  }
  return isError(value) ? jsonError(value, maxCauses) : printable(textOf(value));
}

function jsonError(error: Error, causes: number): unknown {
  return {
    message: printable(textOf(error)),
    stack: errorFrames(error).map(printable),
    cause: causes > 0 && isError(error.cause) ? jsonError(error.cause, causes - 1) : undefined,
  };
}

/** The frames of an error and of its causes, indented. */
function stackLines(value: unknown): readonly string[] {
  const lines: string[] = [];
  let error = value;
  for (let causes = 0; isError(error) && causes <= maxCauses; causes += 1) {
    if (causes > 0) {
      lines.push(`  caused by ${printable(textOf(error))}`);
    }
    lines.push(...errorFrames(error).map((frame) => `    ${printable(frame)}`));
    error = error.cause;
  }
  return lines;
}

/** The text of anything, also of what throws when it is asked for its text. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "a value that cannot be shown as text";
  }
}
