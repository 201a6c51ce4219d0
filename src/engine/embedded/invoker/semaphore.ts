/** Places for handlers at work. */
export interface Slots {
  /** Runs `job` at once or as soon as a place is free; gives a way out of the queue. */
  enter(job: () => void): () => void;
  /** Gives a place back, for good or while its handler waits for something. */
  leave(): void;
  /** Takes a place back after a wait, even if there is none: the handler goes on anyhow. */
  reenter(): void;
  /** True when a job would run at once. */
  isFree(): boolean;
}

/** At most `limit` jobs at once, first come, first served. */
export function createSlots(limit: number): Slots {
  let taken = 0;
  const queue = new Set<{ readonly job: () => void }>();
  const admit = (): void => {
    for (const entry of queue) {
      if (taken >= limit) {
        return;
      }
      queue.delete(entry);
      taken += 1;
      entry.job();
    }
  };
  return {
    enter: (job) => {
      const entry = { job };
      queue.add(entry);
      admit();
      return () => queue.delete(entry);
    },
    leave: () => {
      taken -= 1;
      admit();
    },
    reenter: () => {
      taken += 1;
    },
    isFree: () => taken < limit && queue.size === 0,
  };
}
