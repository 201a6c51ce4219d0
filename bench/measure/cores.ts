import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** The cores that a server and the load on it are pinned to. */
export interface Cores {
  readonly server: string;
  readonly load: string;
}

/** Undefined where processes cannot be pinned: no `taskset`, or only one core. */
export function findCores(): Cores | undefined {
  if (availableParallelism() < 2 || spawnSync("taskset", ["--version"]).status !== 0) {
    return undefined;
  }
  const [server = "0", ...others] = allowedCores();
  const siblings = expand(
    read(`/sys/devices/system/cpu/cpu${server}/topology/thread_siblings_list`) ?? server,
  );
  return { server, load: others.find((core) => !siblings.includes(core)) ?? others[0] ?? server };
}

/** The command that runs another command on one core; the command itself if there is no core. */
export function pinned(
  core: string | undefined,
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  return core === undefined ? [command, args] : ["taskset", ["--cpu-list", core, command, ...args]];
}

function allowedCores(): readonly string[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(read("/proc/self/status") ?? "")?.[1];
  return expand(list ?? `0-${availableParallelism() - 1}`);
}

/** "0-2,5" is 0, 1, 2 and 5. */
function expand(list: string): readonly string[] {
  return list
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, n) => String(first + n));
    });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
