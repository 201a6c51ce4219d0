import { vi } from "vitest";

/** Keeps what Restate's SDK says of handlers that were cut short, as tests do, out of the way. */
export function quietSdk(): void {
  const { error, warn } = console;
  for (const [name, log] of [
    ["error", error],
    ["warn", warn],
  ] as const) {
    vi.spyOn(console, name).mockImplementation((...args: unknown[]) => {
      if (!String(args[0]).startsWith("[restate]")) {
        log(...args);
      }
    });
  }
}
