import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";

/** The floor under every durable store: records appended to a file, one fdatasync for all that came meanwhile. */
export function openRawAppend(file: string): { append(record: Uint8Array): Promise<void>; close(): void } {
  const fd = openSync(file, "w");
  let waiting: { readonly record: Uint8Array; readonly resolve: () => void }[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    writeSync(fd, Buffer.concat(batch.map(({ record }) => record)));
    fdatasyncSync(fd);
    for (const { resolve } of batch) {
      resolve();
    }
  };
  return {
    append: (record) =>
      new Promise((resolve) => {
        if (waiting.push({ record, resolve }) === 1) {
          setImmediate(flush);
        }
      }),
    close: () => closeSync(fd),
  };
}
