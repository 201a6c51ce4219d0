import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  /** `README.md:12`: where it starts. */
  readonly place: string;
  /** The first word after the fence. */
  readonly language: string;
  /** What follows the language: the name of the file that the block is. */
  readonly fileName: string | undefined;
  readonly text: string;
}

/** The fenced code blocks of a file of this repository, in order. */
export function codeBlocks(path: string): CodeBlock[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const blocks: CodeBlock[] = [];
  for (let start = 0; start < lines.length; start++) {
    const fence = /^```(\S*)\s*(.*)$/.exec(lines[start] ?? "");
    if (fence === null) {
      continue;
    }
    const place = `${relative(repository, path)}:${start + 1}`;
    const end = lines.indexOf("```", start + 1);
    if (end === -1) {
      throw new Error(`${place}: this code block does not end`);
    }
    const [, language = "", fileName = ""] = fence;
    blocks.push({
      place,
      language,
      fileName: fileName === "" ? undefined : fileName,
      text: `${lines.slice(start + 1, end).join("\n")}\n`,
    });
    start = end;
  }
  return blocks;
}

/** The commands of a block, one a line, without their comments. */
export function commandsOf(block: CodeBlock): string[] {
  return block.text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#\s.*$/, "").trim())
    .filter((line) => line !== "");
}
