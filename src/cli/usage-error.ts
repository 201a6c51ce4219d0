/** Something the person at the keyboard can mend: shown as one line, without a stack. Exit code 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What went wrong, in one line. */
export function oneLine(reason: unknown): string {
  const text = reason instanceof Error ? reason.message : String(reason);
  return text.split("\n", 1)[0] ?? text;
}
