// The CPU time of a plain call in this tree next to that of an earlier commit, and what scrapes of /metrics add:
//   node --conditions=@restate-connect/source bench/ingress/compare.ts COMMIT [--seconds 3] [--rounds 7]
// "COMMIT, again" is a second process of the same code: its distance from 1 is the noise of the machine.
import { execFileSync } from "node:child_process";
import { mkdtempDisposableSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { findH2load } from "../load/h2load.ts";
import { startOwnGenerator } from "../load/own-generator.ts";
import { findCores } from "../measure/cores.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { checkGreeting } from "../servers/check-answer.ts";
import { greetRequest } from "../servers/greet-bytes.ts";
import { measureServer, warmUp } from "../servers/measure-server.ts";
import { type OurServer, startOurs } from "../servers/start.ts";
import { works } from "./works.ts";

/** Much more often than Prometheus scrapes. */
const scrapeEveryMs = 1_000;

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "3" }, rounds: { type: "string", default: "7" } },
  allowPositionals: true,
});
const [commit = "HEAD~1"] = positionals;
const repository = fileURLToPath(new URL("../../", import.meta.url));
const cores = findCores();
await using started = new AsyncDisposableStack();
const own = started.use(await startOwnGenerator(cores?.load));
const directory = started.use(mkdtempDisposableSync(join(tmpdir(), "bench-")));
const context = {
  cores,
  directory: directory.path,
  generator: findH2load(cores?.load) ?? own,
  seconds: Number(values.seconds),
  isQuick: false,
};

const tree = join(directory.path, "before");
execFileSync("git", ["worktree", "add", "--quiet", "--detach", tree, commit], { cwd: repository });
started.defer(() => {
  execFileSync("git", ["worktree", "remove", "--force", tree], { cwd: repository });
});
symlinkSync(join(repository, "node_modules"), join(tree, "node_modules"));
const before = pathToFileURL(join(tree, "bench/servers/"));

const start = async (servers?: URL): Promise<OurServer> => started.use(await startOurs(context, [], servers));
const contenders: readonly (readonly [string, OurServer])[] = [
  [commit, await start(before)],
  [`${commit}, again`, await start(before)],
  ["this tree", await start()],
  ["this tree, scraped every second", await scraped(await start())],
];

const turns: Turn[] = [];
for (const work of works) {
  for (const [contender, server] of contenders) {
    const answerBytes = await checkGreeting(contender, server.ready.url, { ...work, name: "world" });
    const load = { ...work, request: greetRequest(work.protocol, "world"), answerBytes };
    await warmUp(context, server, load);
    turns.push({ work: work.name, contender, measure: () => measureServer(context, server, load) });
  }
}
const measured = await takeTurns(turns, Number(values.rounds), (line) => console.error(line));

for (const { name } of works) {
  console.log(`\n## ${name}\n\n| server | CPU, µs a call | to ${commit} |\n| --- | --- | --- |`);
  const ofWork = measured.filter(({ work }) => work === name);
  const base = ofWork[0]?.figures.cpuMicros ?? [];
  for (const { contender, figures } of ofWork) {
    const micros = figures.cpuMicros ?? [];
    const ratio = medianRatio(micros, base);
    console.log(`| ${contender} | ${median(micros).toFixed(1)} | ${ratio.toFixed(3)} |`);
  }
}

/** Scrapes a server from now on. Each scrape must succeed. */
async function scraped(server: OurServer): Promise<OurServer> {
  const scrape = async (): Promise<void> => {
    const response = await fetch(`${server.ready.adminUrl}/metrics`);
    if (!(await response.text()).includes("restate_connect_rpcs_total")) {
      throw new Error(`GET /metrics: HTTP ${response.status} without metrics`);
    }
  };
  await scrape();
  const timer = setInterval(() => void scrape(), scrapeEveryMs);
  started.defer(() => clearInterval(timer));
  return server;
}
