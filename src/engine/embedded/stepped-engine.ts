import { nodeProblem } from "../../model/node-version.ts";
import type { Engine } from "../engine.ts";
import { EmbeddedEngine } from "./embedded-engine.ts";
import type { EmbeddedOptions } from "./options.ts";
import { resolveOptions } from "./resolve-options.ts";
import type { OpenChannel } from "./store/channel.ts";
import { handleMessage } from "./store/handle-message.ts";
import { Processor } from "./store/processor.ts";
import type { FromStore } from "./store/protocol.ts";
import { openMemoryDatabase } from "./store/sqlite/database.ts";
import { describeError } from "./store/sqlite/errors.ts";
import { loadIdSecret } from "./store/sqlite/id-secret.ts";
import { SteppedTimers } from "./store/stepped-timers.ts";

/** The embedded engine in memory, in this thread, with a clock that is moved by hand. */
export interface SteppedEngine {
  readonly engine: Engine;
  /** Epoch ms. */
  now(): number;
  /** True if nothing happens until something comes from outside, or time passes. */
  isIdle(): boolean;
  /** When the next timer is due, epoch ms. Undefined: none is set. */
  nextDue(): number | undefined;
  /** Moves the clock to this moment, epoch ms, and fires the timers that are due by then. */
  moveTo(moment: number): void;
}

/**
 * Makes the engine of a test environment: the state machine, the invoker and the limits of `embedded()`, on a database
 * in memory. Backoff has no jitter: each interval is waited in full.
 *
 * @throws RangeError for an option out of range, Error on a Node that is too old
 */
export function createSteppedEngine(options: Omit<EmbeddedOptions, "path">, start: number): SteppedEngine {
  const problem = nodeProblem("createTestEnvironment()");
  if (problem !== undefined) {
    throw new Error(problem);
  }
  let now = start;
  let timers: SteppedTimers | undefined;
  const openChannel: OpenChannel = (storeOptions, receive) => {
    const db = openMemoryDatabase();
    const surroundings = {
      now: () => now,
      reserve: { fill() {}, release() {} },
      createTimers: (...parameters: ConstructorParameters<typeof SteppedTimers>) => {
        timers = new SteppedTimers(...parameters);
        return timers;
      },
    };
    const processor = new Processor(db, storeOptions, surroundings, receive);
    receive({ kind: "opened", idSecret: loadIdSecret(db) });
    return {
      post: (message) => reportFatal(receive, () => handleMessage(message, processor, db, receive)),
      end: async () => {},
    };
  };
  const engine = new EmbeddedEngine({
    options: resolveOptions({ ...options, path: ":memory:" }),
    clock: { now: () => now, random: () => 1 },
    synchronous: "FULL",
    openChannel,
  });
  return {
    engine,
    now: () => now,
    isIdle: () => engine.isIdle,
    nextDue: () => timers?.nextDue,
    moveTo(moment) {
      now = Math.max(now, moment);
      timers?.fire();
    },
  };
}

/** What a store throws ends it, as in a thread of its own. */
function reportFatal(receive: (message: FromStore) => void, work: () => void): void {
  try {
    work();
  } catch (error) {
    receive({ kind: "fatal", message: describeError(error) });
  }
}
