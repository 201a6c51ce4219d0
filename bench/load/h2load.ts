import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pinned } from "../measure/cores.ts";
import { processCpuMicros } from "../measure/process-cpu.ts";
import type { Load, LoadAmount, LoadGenerator, LoadResult } from "./load.ts";

/** h2load, of nghttp2: written in C, it speaks HTTP/1.1 and HTTP/2. Undefined where it is not installed. */
export function findH2load(core: string | undefined): LoadGenerator | undefined {
  const version = /nghttp2\/(\S+)/.exec(
    spawnSync("h2load", ["--version"], { encoding: "utf8" }).stdout ?? "",
  );
  return version === null
    ? undefined
    : { name: `h2load ${version[1]}`, run: (load, amount) => runH2load(core, load, amount) };
}

async function runH2load(core: string | undefined, load: Load, amount: LoadAmount): Promise<LoadResult> {
  using directory = mkdtempDisposableSync(join(tmpdir(), "bench-load-"));
  const body = join(directory.path, "body");
  writeFileSync(body, load.request.body);
  const [command, args] = pinned(core, "h2load", [
    ...(load.httpVersion === "1.1" ? ["--h1"] : []),
    ...["--threads", "1", "--clients", `${load.connections}`, "--max-concurrent-streams", `${load.streams}`],
    ...(load.connectionsPerSecond === undefined
      ? []
      : ["--rate", `${load.connectionsPerSecond / 10}`, "--rate-period", "100ms"]),
    // Windows as large as the protocol has them: flow control is not what is measured.
    ...["--window-bits", "30", "--connection-window-bits", "30"],
    ...("requests" in amount
      ? ["--requests", `${amount.requests}`]
      : ["--duration", `${Math.round(amount.seconds * 1_000)}ms`]),
    ...["--data", body],
    ...Object.entries(load.request.headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
    load.url + load.request.path,
  ]);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [output, generatorShare] = await Promise.all([
    text(child.stdout),
    shareOf(child),
    once(child, "close"),
  ]);
  if ("seconds" in amount && /\b0 done, 0 succeeded, 0 failed, 0 errored/.test(output)) {
    return runH2load(core, load, { seconds: amount.seconds * 2 }); // Too short for a single answer.
  }
  return { ...parse(output, load), generatorShare };
}

/** What h2load reports. With a duration it also counts requests that the end cut off, as started only. */
function parse(
  output: string,
  { connections, streams, answerBytes }: Load,
): Omit<LoadResult, "generatorShare"> {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1]);
  const requests = number(/(\d+) succeeded/);
  const seconds = number(/finished in ([\d.]+)s/) || number(/finished in ([\d.]+)ms/) / 1_000;
  const failed = number(/(\d+) failed/) + number(/(\d+) timeout/);
  const answered = number(/status codes: (\d+) 2xx/);
  if (!(requests > 0) || failed > 0 || answered < requests) {
    throw new Error(`h2load: not every request succeeded:\n${output}`);
  }
  const bytes = number(/headers .*, [\d.]+\w*B \((\d+)\) data/);
  // Answers that were on their way at the end are counted in part.
  const surplus = connections * streams * (answerBytes ?? 0);
  if (answerBytes !== undefined && Math.abs(bytes - answered * answerBytes) > surplus) {
    throw new Error(`h2load: ${answered} answers of ${answerBytes} bytes have ${bytes} bytes:\n${output}`);
  }
  return { requests, seconds };
}

/** Watches the process while it runs: nothing says afterwards what it used. Linux only. */
async function shareOf(child: ChildProcess): Promise<number> {
  let share = Number.NaN;
  const started = performance.now();
  while (child.exitCode === null && child.signalCode === null) {
    await sleep(50);
    try {
      share = processCpuMicros(child.pid) / (performance.now() - started) / 1_000;
    } catch {
      return share;
    }
  }
  return share;
}
