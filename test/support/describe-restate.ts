import { describe, it } from "vitest";
import { missingRestate } from "./restate-server.ts";

/**
 * A suite against a real Restate server. Where npm has none for the platform, it is skipped, and one line
 * says why.
 */
export function describeWithRestate(title: string, suite: () => void): void {
  const why = missingRestate();
  if (why === undefined) {
    describe(title, suite);
    return;
  }
  console.warn(`${title}: not run, ${why}`);
  describe(title, () => it.skip(`not run: ${why}`));
}
