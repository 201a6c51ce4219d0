import { formatCount, markdownTable } from "./format.ts";
import { goalRows } from "./goals.ts";
import { type PartName, type PartResult, partNames, type Results, wasBusy } from "./results.ts";
import { summarize } from "./summary.ts";
import { coldImportTable } from "./tables/cold-import.ts";
import { durableSendTable } from "./tables/durable-send.ts";
import { generatorTable } from "./tables/generator.ts";
import { growthTables } from "./tables/growth.ts";
import { ingressTable } from "./tables/ingress.ts";
import { nodeClientTable } from "./tables/node-client.ts";
import { pageSizeTable } from "./tables/page-size.ts";

const tables: Readonly<Record<PartName, (measurements: PartResult["measurements"]) => string>> = {
  ingress: ingressTable,
  "durable-send": durableSendTable,
  "node-client": nodeClientTable,
  "page-size": pageSizeTable,
  "cold-import": coldImportTable,
  generator: generatorTable,
  growth: growthTables,
};

/** All that the bench writes into pages, as Markdown, by the name of its place. */
export function renderSections(results: Results): ReadonlyMap<string, string> {
  const sections = new Map([
    ["summary", summarize(results)],
    ["machine", describeMachine(results)],
    ["goals", markdownTable(["goal", "", "reached", "met"], goalRows(results))],
  ]);
  for (const name of partNames) {
    const part = results.parts[name];
    if (part !== undefined) {
      sections.set(name, [tables[name](part.measurements), describeRun(part)].join("\n\n"));
    }
  }
  return sections;
}

function describeMachine({ machine }: Results): string {
  const { cpu, cores, node, pinned, loadGenerator, versions } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const pinning = pinned
    ? "The server has one core to itself, and the load another one."
    : "Nothing is pinned to a core.";
  return `${cores} cores (${cpu}), Node ${node.slice(1)}, load from ${loadGenerator}. ${pinning} ${packages.join(", ")}.`;
}

function describeRun(part: PartResult): string {
  const { ranAt, rounds, seconds, loadAverage, took, notes } = part;
  const how = `${ranAt.slice(0, 10)}, ${rounds} rounds of ${seconds} s, load average before the run ${loadAverage.toFixed(1)}, ${formatCount(took)} s in all.`;
  const caution = wasBusy(part)
    ? ["**The machine was busy with other work: repeat this on a quiet one.**"]
    : [];
  return [how, ...caution, ...notes].join(" ");
}
