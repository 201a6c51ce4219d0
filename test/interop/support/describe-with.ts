import { describe, it } from "vitest";

/** Thrown where a peer's tool is not to be had: the message says in one line what is missing. */
export class MissingToolError extends Error {
  override readonly name = "MissingToolError";
}

/** A suite that needs a tool. Where that is missing the suite is skipped, and one line says why. */
export async function describeWith<T>(
  title: string,
  tool: () => Promise<T>,
  suite: (tool: T) => void,
): Promise<void> {
  const found = await tool().catch((reason: unknown) => {
    if (reason instanceof MissingToolError) {
      return reason;
    }
    throw reason;
  });
  if (found instanceof MissingToolError) {
    console.warn(`${title}: not run, ${found.message}`);
    describe(title, () => it.skip(`not run: ${found.message}`));
    return;
  }
  describe(title, () => suite(found));
}
