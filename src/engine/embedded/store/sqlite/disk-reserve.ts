import { closeSync, existsSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const reserveBytes = 8 * 2 ** 20;
const pieceBytes = 2 ** 20;

/**
 * A file that holds room on the disk: released once the disk is full, so that the log can be checkpointed, results
 * stored and invocations purged.
 */
export class DiskReserve {
  readonly #file: string;

  constructor(path: string) {
    this.#file = join(path, "reserve");
  }

  /** Takes the room, unless it is taken or there is none. */
  fill(): void {
    if (existsSync(this.#file)) {
      return;
    }
    try {
      const file = openSync(this.#file, "wx", 0o600);
      try {
        const piece = new Uint8Array(pieceBytes);
        for (let written = 0; written < reserveBytes; written += writeSync(file, piece)) {
          // Until all of it is written.
        }
      } finally {
        closeSync(file);
      }
    } catch {
      // The disk is full: what there is, is for the store.
      this.release();
    }
  }

  /** Gives the room back. */
  release(): void {
    rmSync(this.#file, { force: true });
  }
}
