// Where the time of a plain call goes, by function:
//   node --conditions=@restate-connect/source bench/ingress/profile.ts [--seconds 3] [--top 40]
import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findH2load } from "../load/h2load.ts";
import { startOwnGenerator } from "../load/own-generator.ts";
import { findCores } from "../measure/cores.ts";
import type { ProfiledFunction } from "../measure/profiler.ts";
import { greetRequest } from "../servers/greet-bytes.ts";
import { startOurs } from "../servers/start.ts";
import { works } from "./works.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "3" }, top: { type: "string", default: "40" } },
});
const seconds = Number(values.seconds);
const repository = fileURLToPath(new URL("../../", import.meta.url));
const cores = findCores();
await using own = await startOwnGenerator(cores?.load);
const generator = findH2load(cores?.load) ?? own;
using directory = mkdtempDisposableSync(join(tmpdir(), "bench-"));

for (const work of works) {
  await using server = await startOurs({ cores, directory: directory.path });
  const request = greetRequest(work.protocol, "world");
  const load = { ...work, request, url: server.ready.url, answerBytes: undefined };
  await generator.run(load, { seconds: 1 });
  await server.ask("start-profile");
  const { requests } = await generator.run(load, { seconds });
  // stop-profile answers with this.
  const functions = (await server.ask("stop-profile")) as readonly ProfiledFunction[];
  console.log(`\n## ${work.name}: ${requests} calls\n`);
  printTable(["self", "place"], topPlaces(functions));
  printTable(["self", "total", "function"], topFunctions(functions, "self"));
  console.log("With all that they call:\n");
  printTable(["self", "total", "function"], topFunctions(functions, "total"));
}

function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const row of [heading, heading.map(() => "---"), ...rows]) {
    console.log(`| ${row.join(" | ")} |`);
  }
  console.log();
}

function topFunctions(functions: readonly ProfiledFunction[], by: "self" | "total"): readonly string[][] {
  return functions
    .toSorted((a, b) => b[by] - a[by])
    .slice(0, Number(values.top))
    .map(({ name, url, line, self, total }) => [
      percent(self),
      percent(total),
      `${name || "(anonymous)"} ${shorten(url)}${url === "" ? "" : `:${line}`}`,
    ]);
}

function topPlaces(functions: readonly ProfiledFunction[]): readonly string[][] {
  const places = new Map<string, number>();
  for (const one of functions) {
    places.set(placeOf(one), (places.get(placeOf(one)) ?? 0) + one.self);
  }
  const sorted = [...places].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, 30).map(([place, self]) => [percent(self), place]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** One of our folders, a package, a module of Node, or an entry of V8. */
function placeOf({ name, url }: ProfiledFunction): string {
  const file = shorten(url);
  if (file.startsWith("node:")) {
    return file;
  }
  const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return packageName ?? (file === "" ? name : file);
}

function shorten(url: string): string {
  return url.startsWith("file:") ? relative(repository, fileURLToPath(url)) : url;
}
