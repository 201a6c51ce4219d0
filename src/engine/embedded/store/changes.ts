import type { Effect } from "./protocol.ts";
import type { RunRow } from "./sqlite/rows.ts";

/** An invocation that may run. Its row is at hand when the batch that made it ready had it. */
export interface ReadyItem {
  readonly seq: number;
  readonly turn: number;
  readonly row: RunRow | undefined;
}

/** What a transaction means for the state in memory. Applied once it is on disk, dropped if it fails. */
export interface Changes {
  readonly readied: ReadyItem[];
  /** Invocations that held their key and do no more, and the position of the one that follows. */
  readonly freed: {
    readonly seq: number;
    readonly service: string;
    readonly key: string;
    readonly nextPosition: number | undefined;
  }[];
  /** Attempts that are no longer out. */
  readonly returned: number[];
  /** Ready invocations that will not run. */
  readonly dropped: number[];
  readonly effects: Effect[];
}

/** No change yet. */
export function noChanges(): Changes {
  return { readied: [], freed: [], returned: [], dropped: [], effects: [] };
}
