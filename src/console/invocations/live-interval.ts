/** The shortest time between two looks, ms. */
const shortestMs = 2_000;

/** When to look again, ms: a question that takes long is asked more rarely. False: not at all. */
export function liveInterval(isLive: boolean, lastDurationMs: number | undefined): number | false {
  return isLive ? Math.max(shortestMs, 10 * (lastDurationMs ?? 0)) : false;
}
