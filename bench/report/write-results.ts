import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { renderChart } from "./chart.ts";
import { fillPage } from "./page.ts";
import type { Results } from "./results.ts";
import { renderSections } from "./sections.ts";

const latest = new URL("../results/", import.meta.url);
/** The figures of docs/performance.md: the page and the chart are made of nothing else. */
export const published = {
  results: new URL("../published.json", import.meta.url),
  page: new URL("../../docs/performance.md", import.meta.url),
  chart: new URL("../../docs/performance.svg", import.meta.url),
};

/** Writes bench/results/latest.json, .md and .svg. */
export function writeLatest(results: Results): void {
  mkdirSync(latest, { recursive: true });
  writeFileSync(new URL("latest.json", latest), toJson(results));
  writeFileSync(new URL("latest.md", latest), renderMarkdown(results));
  writeFileSync(new URL("latest.svg", latest), renderChart(results));
}

/** All tables. */
export function renderMarkdown(results: Results): string {
  return `${[...renderSections(results)].map(([name, text]) => `## ${name}\n\n${text}`).join("\n\n")}\n`;
}

/** Writes docs/performance.md and its chart. Parts that did not run now stay as they were published. */
export function publish({ machine, parts }: Results): void {
  const before = existsSync(published.results) ? readPublished().parts : {};
  const results: Results = { machine, parts: { ...before, ...parts } };
  writeFileSync(published.results, toJson(results));
  writeFileSync(published.page, fillPage(readFileSync(published.page, "utf8"), renderSections(results)));
  writeFileSync(published.chart, renderChart(results));
}

export function readPublished(): Results {
  // The bench wrote it.
  return JSON.parse(readFileSync(published.results, "utf8")) as Results;
}

/** Lists of numbers in one line each, with six digits that count. */
function toJson(results: Results): string {
  const rounded = JSON.stringify(
    results,
    (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value),
    2,
  );
  return `${rounded.replace(/\[\s+([-\d.,\s]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, " ")}]`)}\n`;
}
