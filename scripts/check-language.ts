/**
 * Finds worn-out phrases (scripts/language.ts) in messages, comments, test names and pages. Prints
 * `file:line: "phrase": say …` for each and exits with 1 if there are any.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findPhrases } from "./language.ts";

/** Files that are not checked, each with the reason. */
const allowed: readonly { readonly path: RegExp; readonly reason: string }[] = [
  {
    path: /^proto\/dev\/restate\/|^generated\/dev\/restate\//,
    reason: "published by Restate, copied unchanged",
  },
  { path: /^(scripts\/language\.ts|test\/scripts\/language\.test\.ts)$/, reason: "names the phrases" },
];

const folders = [
  "src",
  "codegen",
  "generated",
  "test",
  "bench",
  "examples",
  "scripts",
  "docs",
  "proto",
  "*.md",
];
const texts = /\.(?:[cm]?[jt]sx?|md|proto|go|py|java|sh|yaml|css|html|c)$/;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...folders], {
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => texts.test(path) && !allowed.some((exception) => exception.path.test(path)));

const lines = files.flatMap((path) =>
  findPhrases(readFileSync(path, "utf8")).map(
    ({ line, phrase, say }) => `${path}:${line}: "${phrase}": say ${say}`,
  ),
);
if (lines.length > 0) {
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = 1;
}
