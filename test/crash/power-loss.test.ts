import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type FileOperation, parseFileLog, straceOptions } from "./file-log.ts";
import { replayPowerLoss } from "./power-loss.ts";

/*
 * kill -9 leaves the page cache alone, so that it cannot see a missing flush. Here the files are rebuilt
 * from what a process had flushed at random moments of its life, and some of the rest.
 */

const why = straceProblem();

test("acknowledged requests survive a power loss at any moment", ({ skip }) => {
  skip(why !== undefined, why);
  const report = replayPowerLoss(record(1_200, "FULL"), 120);
  expect(report).toMatchObject({ cuts: 120, missing: 0, damage: [] });
  expect(report.acknowledged).toBeGreaterThan(1_000);
}, 180_000);

test("the replay sees what is lost without a flush for each commit", ({ skip }) => {
  skip(why !== undefined, why);
  const report = replayPowerLoss(record(200, "NORMAL"), 20);
  expect(report.missing).toBeGreaterThan(report.acknowledged / 2);
}, 180_000);

function record(count: number, level: "FULL" | "NORMAL"): readonly FileOperation[] {
  const directory = temporaryFolder("power-loss");
  try {
    const log = join(directory, "strace.log");
    const script = new URL("./power-writer.ts", import.meta.url).pathname;
    const node = [
      process.execPath,
      "--conditions=@restate-connect/source",
      script,
      join(directory, "data"),
      String(count),
      level,
    ];
    const { stdout, stderr } = spawnSync("strace", [...straceOptions, "-o", log, ...node], {
      encoding: "utf8",
    });
    if (!stdout.includes("END")) {
      throw new Error(`the recorded process did not work: ${stderr}`);
    }
    return parseFileLog(readFileSync(log, "latin1"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function straceProblem(): string | undefined {
  const { error, status, stderr } = spawnSync("strace", ["-f", "-o", "/dev/null", "true"], {
    encoding: "utf8",
  });
  const problem = error === undefined && status === 0 ? undefined : (error?.message ?? stderr);
  if (problem !== undefined) {
    console.warn(`power loss is not tested, strace does not work here: ${problem}`);
  }
  return problem;
}
