import type { Store } from "../transaction.ts";
import { isFull } from "./errors.ts";
import { first } from "./rows.ts";

/** Frames of the write-ahead log that are worth a checkpoint: 4 MiB. */
const checkpointFrames = 1_000;
const pageBytes = 4_096;

/** Checkpoints the write-ahead log once it is long enough. A full disk leaves it as it is. */
export function checkpointIfDue({ statements }: Store): void {
  const wal = first<{ log: number; checkpointed: number }>(statements.walState);
  if (wal !== undefined && wal.log - wal.checkpointed >= checkpointFrames) {
    checkpoint(statements);
  }
}

/** Writes the write-ahead log back into the database, so that it can be written from its start again. */
export function checkpoint(statements: Store["statements"]): void {
  try {
    statements.checkpoint.all();
  } catch (error) {
    if (!isFull(error)) {
      throw error;
    }
  }
}

/** The size of the store, bytes. */
export function measureStore({ statements }: Store): number {
  return (first<{ pages: number }>(statements.usedPages)?.pages ?? 0) * pageBytes;
}
