/** SQLite's result codes that decide what we do; an extended code keeps its primary code in the low byte. */
const sqliteBusy = 5;
const sqliteFull = 13;
/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log finds no room to grow. */
const sharedMemoryFull = 4_874;
const makeWritable = "make the directory and its files readable and writable for this user";
const makeRoom = "free some space on the disk";
export const restore = "restore the directory from a backup, or move it away to start with an empty one";
const fixes: ReadonlyMap<number | string, string> = new Map<number | string, string>([
  [3, makeWritable],
  [sqliteBusy, "another program holds the file: stop it"],
  [8, makeWritable],
  [10, "look for a failing disk in the system's log"],
  [11, restore],
  [sqliteFull, makeRoom],
  [14, makeWritable],
  [26, restore],
  ["EACCES", makeWritable],
  ["EPERM", makeWritable],
  ["EROFS", makeWritable],
  ["ENOSPC", makeRoom],
]);

/** True when a statement failed because the disk (or the quota) is full: nothing was written, everything else goes on. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === sqliteFull;
}

/** True when another process holds the file. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === sqliteBusy;
}

/** An error of the store and its fix, as one clause. */
export function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const fix = fixes.get(resultCode(error) ?? systemCode(error));
  return fix === undefined ? message : `${message}; ${fix}`;
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) {
    return undefined;
  }
  return error.errcode === sharedMemoryFull ? sqliteFull : error.errcode & 0xff;
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
