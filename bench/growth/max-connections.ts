import { spawnSync } from "node:child_process";

/** Files that a process has open besides its connections. */
const spare = 200;

/** How many connections a process may have open here. */
export function maxConnections(): number {
  const limit = spawnSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).stdout.trim();
  return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit) - spare;
}
