import { errorFrames } from "../../../model/error-frames.ts";
import { isError } from "../../../model/is-error.ts";
import { textOf } from "../../../model/log-line.ts";

/** Invocations that are remembered. Beyond them the log repeats a stack, which does no harm. */
const maxInvocations = 1_000;

/** Remembers the last failure of each invocation, so that the log has its stack once and not for every retry. */
export class ShownStacks {
  readonly #frames = new Map<number, string>();

  /** What the log shows of a failure: the error with its stack the first time, its text when it repeats. */
  show(seq: number, error: unknown): unknown {
    const frames = isError(error) ? errorFrames(error).join("\n") : "";
    const isRepeated = this.#frames.get(seq) === frames;
    this.#frames.delete(seq); // it becomes the newest
    this.#frames.set(seq, frames);
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > maxInvocations && oldest !== undefined) {
      this.#frames.delete(oldest);
    }
    return isRepeated ? textOf(error) : error;
  }
}
