/** What a process has used since it started. */
export interface Usage {
  /** User and system time of all its threads, µs. */
  readonly cpuMicros: number;
  /** Resident memory, bytes. */
  readonly residentBytes: number;
}

/** Answers one kind of question. Arguments and answers are JSON. */
export type Answerer = (argument: never) => unknown;

/** A question to a process, and the answer. */
export interface Question {
  readonly number: number;
  readonly name: string;
  readonly argument: unknown;
}

export type Answer =
  | { readonly ready: unknown }
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: string };

/**
 * Says to the process that started this one (see child.ts) that this one is ready, and answers its questions:
 * "usage", "collect" (the same after a garbage collection), and those in `answerers`.
 */
export function announce(ready: unknown, answerers: Readonly<Record<string, Answerer>> = {}): void {
  const all: Readonly<Record<string, Answerer>> = { usage, collect, ...answerers };
  process.on("message", async ({ number, name, argument }: Question) => {
    try {
      const value = await all[name]?.(argument as never);
      send({ number, value });
    } catch (error) {
      send({ number, error: error instanceof Error ? `${error.message}` : String(error) });
    }
  });
  process.on("disconnect", () => process.exit());
  send({ ready });
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, residentBytes: process.memoryUsage.rss() };
}

function collect(): Usage {
  globalThis.gc?.();
  return usage();
}

function send(answer: Answer): void {
  process.send?.(answer);
}
