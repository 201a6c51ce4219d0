import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderChart } from "../../bench/report/chart.ts";
import { fillPage } from "../../bench/report/page.ts";
import { renderSections } from "../../bench/report/sections.ts";
import { published, readPublished } from "../../bench/report/write-results.ts";

describe("docs/performance.md", () => {
  const page = readFileSync(published.page, "utf8");

  it("has the figures of bench/published.json, and no others", () => {
    expect(fillPage(page, renderSections(readPublished()))).toBe(page);
  });

  it("has the chart of the same figures", () => {
    expect(readFileSync(published.chart, "utf8")).toBe(renderChart(readPublished()));
  });
});

describe("fillPage", () => {
  it("replaces what stands between the marks, and nothing else", () => {
    const page = "before\n\n<!-- bench:a -->\n\nold\n\n<!-- /bench:a -->\n\nafter\n";
    const filled = fillPage(page, new Map([["a", "new"]]));
    expect(filled).toBe("before\n\n<!-- bench:a -->\n\nnew\n\n<!-- /bench:a -->\n\nafter\n");
    expect(fillPage(filled, new Map([["a", "new"]]))).toBe(filled);
  });

  it("refuses a page without a place for a section", () => {
    expect(() => fillPage("no marks", new Map([["a", "new"]]))).toThrow(
      "the page has no place for a: add <!-- bench:a --> and <!-- /bench:a -->",
    );
  });
});
