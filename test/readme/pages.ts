import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/markdown.ts";

/** The pages that people read, as paths from the root of the repository. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(repository, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Commands within the text of a page, outside of code blocks. */
export function inlineCommands(path: string): string[] {
  const text = readFileSync(join(repository, path), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/`((?:(?:npm|npx|restate-connect) [^`]*)|\.ci\/run)`/g)].map(
    ([, command = ""]) => command,
  );
}

/** What a page links to within the repository. */
export function relativeLinks(path: string): string[] {
  const text = readFileSync(join(repository, path), "utf8");
  return [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
}
