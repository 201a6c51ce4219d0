import type { LogFields, Logger } from "../model/logger.ts";
import type { RefusalReason } from "../model/refusal.ts";

/** Refusals because the server has too little room: the operator should look at them. All others concern the caller. */
const lacksRoom: ReadonlySet<RefusalReason> = new Set([
  "memory_full",
  "queue_full",
  "slow_request",
  "store_full",
  "too_many_awakeables",
  "too_many_connections",
  "too_many_requests",
  "too_many_streams",
]);

/** How often a reason is logged at most, ms: a flood of refused requests must not become a flood of lines. */
const intervalMs = 1_000;

/** Logs refused requests. */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #reasons = new Map<RefusalReason, { nextAt: number; unlogged: number }>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Logs a refusal. Those that follow within a second are counted in the next line of the same reason. */
  add(reason: RefusalReason, describe: () => LogFields): void {
    const now = performance.now();
    const { nextAt, unlogged } = this.#reasons.get(reason) ?? { nextAt: 0, unlogged: 0 };
    if (now < nextAt) {
      this.#reasons.set(reason, { nextAt, unlogged: unlogged + 1 });
      return;
    }
    this.#reasons.set(reason, { nextAt: now + intervalMs, unlogged: 0 });
    this.#logger[lacksRoom.has(reason) ? "warn" : "info"]("a request was refused", {
      reason,
      ...describe(),
      ...(unlogged === 0 ? {} : { notLogged: unlogged }),
    });
  }
}
