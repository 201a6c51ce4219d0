import type { Target } from "../../../model/target.ts";
import type { MethodAttempts } from "../../engine.ts";

type Counts = { -readonly [K in keyof MethodAttempts]: MethodAttempts[K] };

/** Counts the attempts of durable invocations by method. */
export class AttemptCounts {
  readonly #byName = new Map<string, Counts>();

  addStarted(target: Target): void {
    this.#of(target).started += 1;
  }

  addRetried(target: Target): void {
    this.#of(target).retried += 1;
  }

  read(): readonly MethodAttempts[] {
    return [...this.#byName.values()].map((counts) => ({ ...counts }));
  }

  #of(target: Target): Counts {
    const { service, method } = target;
    const name = `${service}/${method}`;
    let counts = this.#byName.get(name);
    if (counts === undefined) {
      counts = { service, method, started: 0, retried: 0 };
      this.#byName.set(name, counts);
    }
    return counts;
  }
}
