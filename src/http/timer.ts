/** The longest time that a timer of JavaScript can hold, ms (24.8 days). It takes anything longer for 1 ms. */
const maxTimerMs = 2 ** 31 - 1;

/** The time as a timer can hold it: undefined, for no timer at all, where it is longer than that. */
export function timerMs(ms: number | undefined): number | undefined {
  return ms !== undefined && ms <= maxTimerMs ? ms : undefined;
}

/** As `setTimeout` does. A time that is longer than a timer can hold never passes. */
export function startTimer(
  ms: number | undefined,
  passed: () => void,
): ReturnType<typeof setTimeout> | undefined {
  const held = timerMs(ms);
  return held === undefined ? undefined : setTimeout(passed, Math.max(0, held));
}
