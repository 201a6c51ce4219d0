import { serverProblem } from "../../model/node-version.ts";
import type { Engine } from "../engine.ts";
import { systemClock } from "./clock.ts";
import { EmbeddedEngine } from "./embedded-engine.ts";
import type { EmbeddedOptions } from "./options.ts";
import { resolveOptions } from "./resolve-options.ts";
import type { StoreOptions } from "./store/protocol.ts";
import { openStoreThread } from "./store/thread.ts";

/**
 * A durable engine in this process, over SQLite files in one directory.
 *
 * A send is on disk (fsync) before its id is returned, runs at least once, and is retried with backoff
 * until it succeeds or fails terminally. A call with an idempotency key is durable too. A plain call runs
 * in memory and answers once. KEYED services run one invocation per key at a time, in the order accepted.
 * After `kill -9`, everything acknowledged and unfinished runs again.
 *
 * `list` and `count` show durable invocations; `get`, `attach` and `cancel` know plain calls too, while
 * they run. After a failed flush everything is rejected and `onFatal` called: what the disk holds is unknown then, and
 * the next start finds out.
 *
 * ```ts
 * const engine = embedded({ path: "./restate-data" });
 * ```
 *
 * @throws RangeError for an option out of range, Error on a Node that is too old. `start` rejects with an Error that names the directory or
 *   file, and the fix, if the store cannot be opened.
 */
export function embedded(options: EmbeddedOptions): Engine {
  return createEngine(options, "FULL");
}

/** {@link embedded}, with the flush level open for the test that shows the losses of a lower one. */
export function createEngine(options: EmbeddedOptions, synchronous: StoreOptions["synchronous"]): Engine {
  const problem = serverProblem("embedded()");
  if (problem !== undefined) {
    throw new Error(problem);
  }
  const resolved = resolveOptions(options);
  return new EmbeddedEngine({
    options: resolved,
    clock: systemClock,
    synchronous,
    openChannel: openStoreThread,
  });
}
