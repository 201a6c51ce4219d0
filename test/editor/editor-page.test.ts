import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { editorPage } from "../../scripts/editor/page.ts";
import { repository } from "../support/markdown.ts";

let page = "";
beforeAll(async () => {
  page = await editorPage();
});

describe("docs/editor.md", () => {
  it("is what the language server of TypeScript says: npm run editor-page writes it", () => {
    expect(readFileSync(join(repository, "docs/editor.md"), "utf8")).toBe(page);
  });

  it("shows a description for all that is exported or generated", () => {
    const hovers = [...page.matchAll(/^`(\w+)`:\n\n((?:>.*\n)+)/gm)];
    expect(hovers.length).toBeGreaterThan(20);
    const bare = hovers.filter(
      ([, , text = ""]) => /\((method|property|alias)\)/.test(text) && text.endsWith("> ```\n"),
    );
    expect(bare.map(([, name]) => name)).toEqual([]);
  });

  it("has no paths of this machine", () => {
    expect(page).not.toContain("file:");
    expect(page).not.toContain(repository);
  });
});
