import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type CodeBlock, codeBlocks, commandsOf } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { checkCommand } from "./commands.ts";
import { moduleOf } from "./type-script.ts";

const folder = temporaryFolder("pages");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function blocksOf(markdown: string): CodeBlock[] {
  writeFileSync(join(folder, "page.md"), markdown);
  return codeBlocks(join(folder, "page.md"));
}

const page = `
\`\`\`sh
npm start   # in one terminal
curl \\
  http://localhost:8080
\`\`\`
text
\`\`\`ts client.ts
import { a, type B } from "./gen/x_pb.js";
export const c: B = a;
\`\`\`
\`\`\`ts
import { a } from "./gen/x_pb.js";
const c = a;
\`\`\`
`;

it("finds the blocks of a page, their files and their commands", () => {
  const blocks = blocksOf(page);
  expect(blocks.map(({ language, fileName }) => [language, fileName])).toEqual([
    ["sh", undefined],
    ["ts", "client.ts"],
    ["ts", undefined],
  ]);
  expect(blocks[0] && commandsOf(blocks[0])).toEqual(["npm start", "curl    http://localhost:8080"]);
});

it("refuses a block that does not end", () => {
  expect(() => blocksOf("a\n```ts\nlet b;\n")).toThrow("page.md:2: this code block does not end");
});

it("makes one module of blocks that build on each other", () => {
  const module = moduleOf(blocksOf(page).slice(1), "../generated");
  expect(module.match(/^import .*$/gm)).toEqual(['import { a, type B } from "../generated/x_pb.ts";']);
  expect(module).toMatch(/\nconst c: B = a;\n\{\n.*\nconst c = a;\n\}\n/);
});

it("refuses a command that no rule runs", async () => {
  const server = { banner: "", here: async (text: string) => text, [Symbol.asyncDispose]: async () => {} };
  await expect(checkCommand("page.md:7", "rm -rf .", server)).rejects.toThrow(
    "page.md:7: no rule in test/readme/commands.ts runs the command rm -rf .",
  );
});
