import { appendFileSync, closeSync, existsSync, openSync, readSync } from "node:fs";

/** What the server's handlers noted: one line each, written before they go on. It survives `kill -9`. */
export type Entry =
  | { readonly kind: "server"; readonly at: number }
  | Step<"begin">
  | Step<"end">
  /** It waits for an awakeable of this id. */
  | (Step<"awaits"> & { readonly awakeable: string })
  /** It was told that its send was taken: `id`, `key` and `number` are the child's. */
  | Step<"child">;

interface Step<K extends string> {
  readonly kind: K;
  readonly id: string;
  readonly key: string;
  /** The request's number: ascending within a key, in the order in which the client sent. */
  readonly number: number;
  readonly at: number;
}

type WithoutTime<E> = E extends unknown ? Omit<E, "at"> : never;

/** Appends an entry; its time is added. */
export function note(file: string, entry: WithoutTime<Entry>): void {
  appendFileSync(file, `${JSON.stringify({ ...entry, at: Date.now() })}\n`);
}

/** Reads on from where it was: gives what was noted since. */
export function openJournal(file: string): () => readonly Entry[] {
  let position = 0;
  let unfinished = Buffer.alloc(0);
  return () => {
    const chunk = existsSync(file) ? readFrom(file, position) : Buffer.alloc(0);
    position += chunk.length;
    const text = Buffer.concat([unfinished, chunk]);
    const end = text.lastIndexOf("\n") + 1;
    unfinished = text.subarray(end);
    const lines = text
      .toString("utf8", 0, end)
      .split("\n")
      .filter((line) => line !== "");
    // Only `note` writes the file.
    return lines.map((line) => JSON.parse(line) as Entry);
  };
}

function readFrom(file: string, position: number): Buffer {
  const fd = openSync(file, "r");
  const chunks: Buffer[] = [];
  for (let at = position; ; ) {
    const chunk = Buffer.alloc(65_536);
    const size = readSync(fd, chunk, 0, chunk.length, at);
    if (size === 0) {
      break;
    }
    chunks.push(chunk.subarray(0, size));
    at += size;
  }
  closeSync(fd);
  return Buffer.concat(chunks);
}
