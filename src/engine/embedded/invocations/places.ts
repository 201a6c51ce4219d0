import type { Target } from "../../../model/target.ts";
import type { Slots } from "../invoker/semaphore.ts";
import type { Turns } from "./turns.ts";

/** What a plain call needs to run: its key's turn, if it has a key, and then a place among the handlers. */
export interface Places {
  /** Calls `onPlace` once the caller has both; gives the way to give them back, or to wait no more. */
  take(target: Target, onPlace: () => void): () => void;
  /** True when the caller would not have to wait. */
  isFree(target: Target): boolean;
  /** Callers that wait. */
  waiting(): number;
}

/** Places over the engine's turns and slots. */
export function createPlaces(slots: Slots, turns: Turns): Places {
  let waiting = 0;
  return {
    take: ({ service, key }, onPlace) => {
      let isWaiting = true;
      waiting += 1;
      const stopWaiting = (): void => {
        waiting -= isWaiting ? 1 : 0;
        isWaiting = false;
      };
      let leaveSlot: () => void = () => undefined;
      const enter = (): void => {
        let hasSlot = false;
        const withdraw = slots.enter(() => {
          hasSlot = true;
          leaveSlot = slots.leave;
          stopWaiting();
          onPlace();
        });
        if (!hasSlot) {
          leaveSlot = withdraw;
        }
      };
      let leaveTurn: () => void = () => undefined;
      if (key === undefined) {
        enter();
      } else {
        leaveTurn = turns.take(service, key, enter);
      }
      return () => {
        stopWaiting();
        leaveSlot();
        leaveTurn();
      };
    },
    isFree: ({ key }) => key === undefined && slots.isFree(),
    waiting: () => waiting,
  };
}
