import type { LogFields, Logger } from "restate-connect/engine";

/** For servers whose log a test does not look at. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface RecordedEntry {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it gets. It wants no details for debugging unless asked to. */
export function recordingLogger({ debug = false } = {}): {
  readonly logger: Logger;
  readonly entries: readonly RecordedEntry[];
} {
  const entries: RecordedEntry[] = [];
  const record =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}) => {
      entries.push({ level, message, fields });
    };
  return {
    entries,
    logger: {
      debug: record("debug"),
      info: record("info"),
      warn: record("warn"),
      error: record("error"),
      isDebugEnabled: () => debug,
    },
  };
}
