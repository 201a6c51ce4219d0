/** An error that the user can fix: printed as one line, without a stack. Exit code 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Returns the message of an error as one line. */
export function oneLine(reason: unknown): string {
  const text = reason instanceof Error ? reason.message : String(reason);
  return text.split("\n", 1)[0] ?? text;
}
