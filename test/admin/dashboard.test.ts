import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestIngress } from "../ingress/support.ts";
import { busyIngress } from "./busy-ingress.ts";
import { selectedMetrics } from "./promql.ts";
import { type Scrape, scrape } from "./scrape.ts";

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly definition?: string;
    }[];
  };
}

/** Prometheus adds these to what it scrapes. */
const targetLabels = ["instance", "job"];

const dashboard = JSON.parse(
  readFileSync(new URL("../../docs/grafana-dashboard.json", import.meta.url), "utf8"),
) as Dashboard;
const variables = dashboard.templating.list;
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

/** With values in place of Grafana's variables. */
function filledIn(query: string): string {
  return query
    .replaceAll("$__rate_interval", "1m")
    .replaceAll(/\$(\w+)/g, (_, name: string) =>
      variables.some((one) => one.name === name) ? "x" : `$${name}`,
    );
}

describe("docs/grafana-dashboard.json", () => {
  let ingress: TestIngress;
  let scraped: Scrape;
  beforeAll(async () => {
    ingress = await busyIngress();
    scraped = await scrape(ingress.adminUrl);
  });
  afterAll(() => ingress.close());

  const expectScraped = (query: string, moreLabels: readonly string[] = []) => {
    expect(query).not.toContain("$");
    const metrics = selectedMetrics(query);
    expect(metrics.length).toBeGreaterThan(0);
    for (const { name, labels } of metrics) {
      const samples = scraped.samples.filter((sample) => sample.name === name);
      expect(samples, `${name} is not scraped`).not.toEqual([]);
      const known = [...targetLabels, ...samples.flatMap((sample) => Object.keys(sample.labels))];
      expect(known).toEqual(expect.arrayContaining([...labels, ...moreLabels]));
    }
  };

  it.each(queries)("$title: $expr", ({ expr, legendFormat }) => {
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
    expectScraped(filledIn(expr), shown);
  });

  const ofMetrics = variables.filter(({ type }) => type === "query");
  it.each(ofMetrics)("the variable $name: $definition", ({ definition = "" }) => {
    const [, selector = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
    expectScraped(selector, [label]);
  });

  it("shows every metric", () => {
    const shown = queries.flatMap(({ expr }) => selectedMetrics(filledIn(expr))).map(({ name }) => name);
    const families = new Set(shown.map((name) => name.replace(/_(bucket|sum|count)$/, "")));
    const hidden = ["restate_connect_build_info", "process_start_time_seconds"];
    expect([...scraped.names].filter((name) => !hidden.includes(name)).sort()).toEqual([...families].sort());
  });

  it("has panels that do not overlap", () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
