import type { Changes, ReadyItem } from "./changes.ts";
import { first } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";

/**
 * Where plain calls and durable invocations of one key take turns. The durable ones are in order on
 * disk; a lane exists only while a plain call runs or waits, and vanishes with the process.
 */
interface Lane {
  readonly service: string;
  readonly key: string;
  /** The plain call that runs. */
  holder: number | undefined;
  /** The plain calls that wait, by position. */
  readonly waiting: { readonly ticket: number; readonly position: number }[];
  /** The durable invocation that may run when the holder is done. */
  parked: ReadyItem | undefined;
}

/** The turns of plain calls. `grant` is told the ticket of a call whose turn has come. */
export interface Lanes {
  enqueue(ticket: number, service: string, key: string, position: number): void;
  /** A plain call is done, or waits no more. Gives the durable invocation that was held up by it, if any. */
  leave(ticket: number): ReadyItem | undefined;
  /** False when a plain call holds the key: the item comes back from {@link leave}. */
  admit(item: ReadyItem, service: string, key: string): boolean;
  /** A durable invocation has let go of its key. */
  freed(change: Changes["freed"][number]): void;
}

/** Lanes in memory, in addition to the queues on disk. */
export function createLanes(statements: Statements, grant: (ticket: number) => void): Lanes {
  const lanes = new Map<string, Lane>();
  const laneOf = new Map<number, Lane>();
  const nameOf = (service: string, key: string): string => `${service}/${key}`;

  const head = (lane: Pick<Lane, "service" | "key">): { position: number } | undefined =>
    first(statements.head, lane.service, lane.key);

  /** Gives the turn to the first waiting call when no durable invocation came before it. */
  const advance = (lane: Lane, durablePosition: number | undefined): void => {
    const call = lane.waiting[0];
    if (call !== undefined && (durablePosition === undefined || call.position < durablePosition)) {
      lane.waiting.shift();
      lane.holder = call.ticket;
      grant(call.ticket);
    } else if (call === undefined) {
      lanes.delete(nameOf(lane.service, lane.key));
    }
  };

  return {
    enqueue: (ticket, service, key, position) => {
      const name = nameOf(service, key);
      let lane = lanes.get(name);
      const isNew = lane === undefined;
      if (lane === undefined) {
        lane = { service, key, holder: undefined, waiting: [], parked: undefined };
        lanes.set(name, lane);
      }
      laneOf.set(ticket, lane);
      lane.waiting.push({ ticket, position });
      if (isNew) {
        advance(lane, head(lane)?.position);
      }
    },
    leave: (ticket) => {
      const lane = laneOf.get(ticket);
      laneOf.delete(ticket);
      if (lane === undefined) {
        return undefined;
      }
      if (lane.holder !== ticket) {
        const index = lane.waiting.findIndex((call) => call.ticket === ticket);
        lane.waiting.splice(index, 1);
        if (lane.holder === undefined && lane.waiting.length === 0) {
          lanes.delete(nameOf(lane.service, lane.key));
        }
        return undefined;
      }
      lane.holder = undefined;
      advance(lane, head(lane)?.position);
      if (lane.holder !== undefined) {
        return undefined;
      }
      const parked = lane.parked;
      lane.parked = undefined;
      return parked;
    },
    admit: (item, service, key) => {
      const lane = lanes.get(nameOf(service, key));
      if (lane?.holder === undefined) {
        return true;
      }
      lane.parked = item;
      return false;
    },
    freed: ({ seq, service, key, nextPosition }) => {
      const lane = lanes.get(nameOf(service, key));
      if (lane === undefined) {
        return;
      }
      if (lane.parked?.seq === seq) {
        lane.parked = undefined;
      }
      if (lane.holder === undefined) {
        advance(lane, nextPosition);
      }
    },
  };
}
