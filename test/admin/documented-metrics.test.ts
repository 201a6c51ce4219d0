import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { http1, type TestIngress } from "../ingress/support.ts";
import { busyIngress } from "./busy-ingress.ts";
import { readScrape } from "./scrape.ts";

const page = readFileSync(new URL("../../docs/observability.md", import.meta.url), "utf8");

/** The rows of the tables whose first column is a name in backquotes. */
function rowsWith(pattern: RegExp): readonly (readonly string[])[] {
  return page
    .split("\n")
    .filter((line) => pattern.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("docs/observability.md", () => {
  let ingress: TestIngress;
  let text: string;
  beforeAll(async () => {
    ingress = await busyIngress();
    text = (await http1(`${ingress.adminUrl}/metrics`, { method: "GET" })).body.toString();
  });
  afterAll(() => ingress.close());

  it("has every metric, with its type and its labels", () => {
    const { names, samples } = readScrape(text);
    const scraped = [...names].map((name) => {
      const type = new RegExp(`^# TYPE ${name} (\\w+)$`, "m").exec(text)?.[1];
      const sample = samples.find((one) => one.name.startsWith(name));
      const labels = Object.keys(sample?.labels ?? {}).filter((label) => label !== "le");
      return [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(", ")];
    });
    const documented = rowsWith(/^\| `(restate_connect|process|nodejs)_/).map((row) => row.slice(0, 3));
    expect(documented.toSorted()).toEqual(scraped.toSorted());
  });

  it("has every reason of a refusal", () => {
    const { samples } = readScrape(text);
    const reasons = samples
      .filter(({ name }) => name === "restate_connect_requests_refused_total")
      .map(({ labels }) => `\`${labels.reason}\``);
    const section = page.slice(page.indexOf("### Reasons of refusals"));
    const documented = rowsWith(/^\| `\w+`/)
      .map(([name = ""]) => name)
      .filter((name) => section.includes(`| ${name}`) && reasons.includes(name));
    expect(documented.toSorted()).toEqual(reasons.toSorted());
  });
});
