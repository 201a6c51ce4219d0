import { watch } from "node:fs";

/** Editors write a file in several steps: a change is reported once they have been quiet for this long, ms. */
const quietMs = 50;

/**
 * Watches folders of protos, and buf's configuration in the working folder. Watches from the call on; yields once
 * for any number of changes since the last time.
 */
export function watchProtos(folders: readonly string[]): AsyncIterable<void> {
  let isChanged = false;
  let wake = () => {};
  let timer: NodeJS.Timeout | undefined;
  const changed = (_: string, name: string | null) => {
    if (name === null || /\.(proto|yaml)$/.test(name)) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isChanged = true;
        wake();
      }, quietMs);
    }
  };
  for (const folder of folders) {
    watch(folder, { recursive: true }, changed);
  }
  watch(".", changed);
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (!isChanged) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        isChanged = false;
        yield;
      }
    },
  };
}
