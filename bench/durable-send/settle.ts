import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../servers/start.ts";

const intervalMs = 100;
/** A process that uses less than this in an interval has nothing left to do, µs. */
const quietMicros = 5_000;

/** Waits until a server has finished all accepted invocations. */
export async function settle(server: Server): Promise<void> {
  for (let before = (await server.usage()).cpuMicros; ; ) {
    await sleep(intervalMs);
    const { cpuMicros } = await server.usage();
    if (cpuMicros - before < quietMicros) {
      return;
    }
    before = cpuMicros;
  }
}
