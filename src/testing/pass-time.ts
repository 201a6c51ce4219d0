import { setImmediate } from "node:timers/promises";
import type { SteppedEngine } from "../engine/embedded/stepped-engine.ts";
import { momentAfter } from "../engine/embedded/time.ts";
import { durationMs } from "./duration.ts";
import type { TestEnvironment } from "./environment.ts";

/** The time of a test environment. */
export interface PassingTime {
  readonly members: Pick<TestEnvironment, "now" | "advance" | "advanceToNext" | "idle">;
  /** From here on no time passes. */
  stop(): void;
}

/** Moves the clock of an engine from one event to the next, each time once nothing else happens any more. */
export function passTime(engine: SteppedEngine, isIdle: () => boolean): PassingTime {
  let isStopped = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: a second `advance` begins where the first one ends. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const idle = async (): Promise<void> => {
    do {
      // After a turn of the event loop, promises that were settled have been seen.
      await setImmediate();
    } while (!isStopped && !isIdle());
    if (isStopped) {
      throw new Error("the test environment is closed: its time does not pass any more");
    }
  };
  const moveTo = async (moment: number): Promise<void> => {
    engine.moveTo(moment);
    await idle();
  };

  return {
    members: {
      now: () => new Date(engine.now()),
      idle,
      async advance(duration) {
        const ms = durationMs(duration);
        await inTurn(async () => {
          const end = momentAfter(engine.now(), ms);
          await idle();
          for (let due = engine.nextDue(); due !== undefined && due <= end; due = engine.nextDue()) {
            await moveTo(due);
          }
          await moveTo(end);
        });
      },
      advanceToNext: () =>
        inTurn(async () => {
          await idle();
          const due = engine.nextDue();
          if (due === undefined) {
            return false;
          }
          await moveTo(due);
          return true;
        }),
    },
    stop() {
      isStopped = true;
    },
  };
}
