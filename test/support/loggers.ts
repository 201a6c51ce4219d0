import type { LogFields, Logger } from "restate-connect/engine";

/** For servers whose log a test does not look at. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface RecordedEntry {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it gets. */
export function recordingLogger(): { readonly logger: Logger; readonly entries: readonly RecordedEntry[] } {
  const entries: RecordedEntry[] = [];
  const record =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}) => {
      entries.push({ level, message, fields });
    };
  return {
    entries,
    logger: { debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") },
  };
}
