// What a reader relies on when skimming: every option is there, and figures come after advice.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../support/markdown.ts";
import { pages } from "./pages.ts";

const textOf = (path: string): string => readFileSync(join(repository, path), "utf8");

describe("docs/engine.md", () => {
  const declarations = textOf("docs/api/restate-connect.engine.d.ts");
  const rows = [...textOf("docs/engine.md").matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);

  it.each(["EmbeddedOptions", "RetryPolicy"])("has a row for each member of %s", (type) => {
    const [, body = ""] = new RegExp(`export interface ${type} \\{\\n([^}]*)\\}`).exec(declarations) ?? [];
    const members = [...body.matchAll(/^ {4}readonly (\w+)\??:/gm)].map(([, name]) => name);
    expect(members.length).toBeGreaterThan(3);
    expect(rows).toEqual(expect.arrayContaining(members));
  });
});

describe.each(pages)("%s", (page) => {
  it("has its measurements last", () => {
    const titles = [...textOf(page).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    if (titles.includes("Measurements")) {
      expect(titles.at(-1)).toBe("Measurements");
    }
  });
});
