import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LanguageServer, languageServer } from "./language-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hoversFile = fileURLToPath(new URL("hovers.ts", import.meta.url));
const mistakesFile = fileURLToPath(new URL("mistakes.ts", import.meta.url));

const head = `# In the editor

What an editor shows for generated clients: the text on hover, and the errors of common mistakes. All of it comes from
the language server of TypeScript, asked by \`npm run editor-page\`, which writes this page. Other versions of
TypeScript word some errors differently.
`;

const hoverHead = `## On hover

The description of a method is its comment in the proto file. With \`target=js+dts\`, the default, editors show the same.
`;

const mistakesHead = `## Errors

Errors of common mistakes, before anything runs. Errors at run time are in [troubleshooting](troubleshooting.md).
`;

/** Asks the language server for everything that docs/editor.md shows, and returns the page. */
export async function editorPage(): Promise<string> {
  await using server = await languageServer(root);
  const hovers = await hoverSections(server);
  const mistakes = await mistakeSections(server);
  return [head, hoverHead, ...hovers, mistakesHead, ...mistakes].join("\n");
}

interface Section {
  readonly title: string;
  /** Index of its first line in the file. */
  readonly start: number;
  readonly lines: readonly string[];
}

async function hoverSections(server: LanguageServer): Promise<readonly string[]> {
  const text = readFileSync(hoversFile, "utf8");
  server.open(hoversFile, text);
  return await Promise.all(sections(text).map((section) => hoverSection(server, section)));
}

async function hoverSection(server: LanguageServer, { title, start, lines }: Section): Promise<string> {
  const shown: string[] = [];
  let codeLine = 0;
  for (const [index, line] of lines.entries()) {
    if (!/^\/\/ *\^\?$/.test(line)) {
      codeLine = index;
      continue;
    }
    // In the first two columns, where the comment begins, nothing can be pointed at: //^? is the start of the line.
    const character = line.startsWith("//^") ? 0 : line.indexOf("^");
    const hover = await server.hover(hoversFile, { line: start + codeLine, character });
    const name = /^\w+/.exec(lines[codeLine]?.slice(character) ?? "")?.[0];
    if (name === undefined || hover === "") {
      throw new Error(`hovers.ts:${start + index + 1}: no name with a hover text is above ^?`);
    }
    shown.push(`\`${name}\`:\n\n${quoted(hover)}`);
  }
  return `### ${title}\n\n${fenced(lines.filter((line) => !line.startsWith("//")))}\n${shown.join("\n")}`;
}

async function mistakeSections(server: LanguageServer): Promise<readonly string[]> {
  const text = readFileSync(mistakesFile, "utf8");
  server.open(mistakesFile, text.replaceAll("// @ts-expect-error", "//"));
  const diagnostics = await server.diagnostics(mistakesFile);
  return sections(text).map(({ title, start, lines }) => {
    const found = diagnostics.filter(
      ({ range }) => range.start.line >= start && range.start.line < start + lines.length,
    );
    if (found.length !== 1) {
      throw new Error(`mistakes.ts:${start}: "${title}" must have one error, not ${found.length}`);
    }
    const comments = lines.filter((line) => line.startsWith("// ") && !line.includes("@ts-expect-error"));
    const fix = comments.map((line) => line.slice("// ".length)).join("\n");
    const errors = found.map(({ code, message }) => quoted(`\`TS${code}\`: ${escaped(message)}`));
    const code = lines.filter((line) => !line.startsWith("//"));
    return `### ${title}\n\n${fenced(code)}\n${errors.join("\n")}\n${fix}\n`;
  });
}

/** The parts of a file below its lines "// ## …". */
function sections(text: string): readonly Section[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, index) => (line.startsWith("// ## ") ? [index] : []));
  return starts.map((start, n) => ({
    title: lines[start]?.slice("// ## ".length) ?? "",
    start: start + 1,
    lines: lines.slice(start + 1, starts[n + 1]),
  }));
}

function fenced(lines: readonly string[]): string {
  return `\`\`\`ts\n${lines.join("\n").trim()}\n\`\`\`\n`;
}

/** Markdown as a quotation. Links to files of this machine become their names. */
function quoted(markdown: string): string {
  const text = markdown
    .replaceAll(/\[([^\]]+)\]\(file:[^)]*\)/g, "`$1`")
    .replaceAll("```typescript", "```ts");
  return `${text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n")}\n`;
}

/** Types in messages are not HTML. */
function escaped(message: string): string {
  return message.replaceAll(/[<>|*_[\]]/g, "\\$&");
}
