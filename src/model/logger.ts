/** What a log entry says besides its message, by name. An `Error` in `error` is shown with its stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Receives what a server reports: requests, refusals, failed attempts, internal errors, a store that fails. Bring your own, or leave
 * it out to get lines on standard error. A method must not throw.
 */
export interface Logger {
  /** Details for debugging, such as a line for each request. The default logger does not print them. */
  debug(message: string, fields?: LogFields): void;
  /** Whether `debug` does anything. If not, its entries are not even made. Without this method they always are. */
  isDebugEnabled?(): boolean;
  /** Events of normal operation. */
  info(message: string, fields?: LogFields): void;
  /** A failure that the server handles itself, for example an attempt that is retried. */
  warn(message: string, fields?: LogFields): void;
  /** A failure that an operator should look at. */
  error(message: string, fields?: LogFields): void;
}
