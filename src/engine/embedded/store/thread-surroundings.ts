import { DiskReserve } from "./sqlite/disk-reserve.ts";
import type { StoreSurroundings } from "./surroundings.ts";
import { Timers } from "./timers.ts";

/** The clock, the disk and the timers of the machine. `path`: the data directory. */
export function threadSurroundings(path: string): StoreSurroundings {
  return {
    now: Date.now,
    reserve: new DiskReserve(path),
    createTimers: (store, work) => new Timers(store, work),
  };
}
