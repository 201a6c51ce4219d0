import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../support/markdown.ts";

/** All source text, without line breaks inside concatenated strings. */
const source = execFileSync("git", ["ls-files", "src", "codegen"], { cwd: repository, encoding: "utf8" })
  .split("\n")
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(repository, path), "utf8").replaceAll(/["`] \+\s*["`]/g, ""))
  .join("\n");

const page = readFileSync(join(repository, "docs/troubleshooting.md"), "utf8");
const texts = [...page.matchAll(/^\| `([^`]+ [^`]+)` +\|/gm)].map(([, text = ""]) => text);

describe("docs/troubleshooting.md", () => {
  it("has error texts", () => expect(texts.length).toBeGreaterThan(20));

  it.each(texts)("quotes a text of the source: %s", (text) => {
    for (const part of text.split("…").map((piece) => piece.replace(/\(\w+\): /, "").trim())) {
      expect(source.includes(part), `src and codegen contain: ${part}`).toBe(true);
    }
  });
});
