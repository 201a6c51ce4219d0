import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** What the server's handlers noted: one line each, written before they go on. It survives `kill -9`. */
export type Entry = { readonly kind: "server"; readonly at: number } | Step<"begin"> | Step<"end">;

interface Step<K extends string> {
  readonly kind: K;
  readonly id: string;
  readonly key: string;
  /** The request's number: ascending within a key, in the order in which the client sent. */
  readonly number: number;
  readonly at: number;
}

/** Appends an entry; its time is added. */
export function note(
  file: string,
  entry: Omit<Step<"begin" | "end">, "at"> | { readonly kind: "server" },
): void {
  appendFileSync(file, `${JSON.stringify({ ...entry, at: Date.now() })}\n`);
}

/** All entries, in the order written. */
export function readJournal(file: string): readonly Entry[] {
  if (!existsSync(file)) {
    return [];
  }
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  // Only `note` writes the file.
  return lines.map((line) => JSON.parse(line) as Entry);
}
