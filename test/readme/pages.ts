import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/markdown.ts";

/** The pages that people read, as paths from the root of the repository. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "codegen/README.md",
  ...readdirSync(join(repository, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/**
 * Pages whose blocks have a test of their own: test/package follows the first in an empty project,
 * connect-v1.test.ts the second with the packages of v1, test/react the third in a browser; test/editor writes the fourth.
 */
export const followedElsewhere: readonly string[] = [
  "docs/getting-started.md",
  "docs/connect-v1.md",
  "docs/react.md",
  "docs/editor.md",
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
