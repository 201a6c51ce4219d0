import { type Profiler, Session } from "node:inspector/promises";
import type { Answerer } from "./announce.ts";

/** One function, and its share of the time at work. */
export interface ProfiledFunction {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  /** In its own lines. */
  readonly self: number;
  /** In its own lines and in all that it called. */
  readonly total: number;
}

/** Answers "start-profile" and "stop-profile", for a process that is profiled while it works. */
export function profileAnswerers(): Readonly<Record<string, Answerer>> {
  const session = new Session();
  return {
    "start-profile": async () => {
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: 200 });
      await session.post("Profiler.start");
    },
    "stop-profile": async () => {
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      return functionsOf(profile);
    },
  };
}

/** Neither idle time nor the profiler itself counts. */
const ignored = new Set(["(idle)", "node:inspector"]);

function functionsOf(profile: Profiler.Profile): readonly ProfiledFunction[] {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const micros = microsByNode(profile);
  const functions = new Map<
    string,
    { name: string; url: string; line: number; self: number; total: number }
  >();
  let all = 0;
  /** Gives the time of the node and all below it. `callers`: those of functions that it is a call within. */
  const visit = (id: number, callers: ReadonlySet<string>): number => {
    const node = byId.get(id);
    if (node === undefined || ignored.has(node.callFrame.functionName) || ignored.has(node.callFrame.url)) {
      return 0;
    }
    const { functionName: name, url, lineNumber } = node.callFrame;
    const key = `${name} ${url}:${lineNumber}`;
    const entry = functions.get(key) ?? { name, url, line: lineNumber + 1, self: 0, total: 0 };
    functions.set(key, entry);
    const self = micros.get(id) ?? 0;
    const within = new Set([...callers, key]);
    const total = (node.children ?? []).reduce((sum, child) => sum + visit(child, within), self);
    entry.self += self;
    entry.total += callers.has(key) ? 0 : total;
    all += self;
    return total;
  };
  visit(profile.nodes[0]?.id ?? 0, new Set());
  return [...functions.values()].map((one) => ({ ...one, self: one.self / all, total: one.total / all }));
}

function microsByNode({ samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<number, number> {
  const micros = new Map<number, number>();
  for (const [n, id] of samples.entries()) {
    micros.set(id, (micros.get(id) ?? 0) + (timeDeltas[n] ?? 0));
  }
  return micros;
}
