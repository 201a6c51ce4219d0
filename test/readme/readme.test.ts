import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/command.ts";
import { type CodeBlock, codeBlocks, commandsOf, repository } from "../support/markdown.ts";
import { checkCommand, demoOutput } from "./commands.ts";
import { type ExampleServer, exampleServer } from "./example-server.ts";
import { followedElsewhere, inlineCommands, pages, relativeLinks } from "./pages.ts";
import { moduleOf } from "./type-script.ts";

// Within the repository, so that restate-connect means this package.
const folder = join(repository, ".cache/readme");

let server: ExampleServer;

beforeAll(async () => {
  server = await exampleServer();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe.each(pages)("%s", (page) => {
  const blocks = followedElsewhere.includes(page) ? [] : codeBlocks(join(repository, page));

  it("links to files that exist", () => {
    const missing = relativeLinks(page).filter((link) => !existsSync(join(repository, dirname(page), link)));
    expect(missing).toEqual([]);
  });

  for (const command of new Set(inlineCommands(page))) {
    it(`in its text: ${command}`, () => checkCommand(page, command, server));
  }

  for (const block of blocks) {
    switch (block.language) {
      case "ts":
        break; // together, below
      case "sh":
        for (const command of commandsOf(block)) {
          it(`${block.place} ${command}`, () => checkCommand(block.place, command, server));
        }
        break;
      case "text":
        it(`${block.place} is what the demo prints`, async () => {
          const lines = (text: string) => text.replaceAll(/inv_1\w+/g, "inv_1...").split("\n");
          expect(lines(await demoOutput())).toEqual(expect.arrayContaining(lines(block.text)));
        });
        break;
      case "yaml":
      case "proto":
        break; // test/package generates with them
      case "js":
        break; // test/package runs them in Jest, test/admin reads those of other programs
      case "diagram":
        break; // a picture
      case "ini":
        it(`${block.place} starts a command with options that exist`, () => checkUnit(block));
        break;
      default:
        it(`${block.place} has a rule`, () => {
          throw new Error(
            `${block.place}: no rule in test/readme for blocks in ${block.language || "no language"}`,
          );
        });
    }
  }

  const named = codeBlocks(join(repository, page)).filter(({ fileName }) => fileName !== undefined);
  it.each(named)("$place names the file $fileName in the text before it", ({ place, fileName = "" }) => {
    expect(textBefore(place)).toContain(fileName);
  });

  const typeScript = blocks.filter(({ language }) => language === "ts");
  if (typeScript.length > 0) {
    it("has TypeScript that compiles", () => compile(page, typeScript));
  }
});

it("README.md lists each page of docs/ in a table of its section Documentation, which is the order of the site", () => {
  const [, documentation = ""] = readFileSync(join(repository, "README.md"), "utf8").split(
    "## Documentation",
  );
  const listed = [...documentation.matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, path = ""]) => path);
  expect(listed).toEqual(expect.arrayContaining(pages.filter((page) => page.startsWith("docs/"))));
});

it("README.md has TypeScript that runs", async () => {
  const blocks = codeBlocks(join(repository, "README.md")).filter(({ language }) => language === "ts");
  const script = await server.here(moduleOf(blocks, "../../generated"));
  writeFileSync(join(folder, "run.ts"), `${script}console.log("ran to its end");\n`);
  const output = await run("node --conditions=@restate-connect/source .cache/readme/run.ts", repository);
  expect(output).toContain("ran to its end");
});

it("CONTRIBUTING.md says what each folder of src/ has", () => {
  const page = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");
  const folders = readdirSync(join(repository, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `\`src/${name}/\``);
  expect(folders.filter((folder) => !page.includes(`| ${folder} `))).toEqual([]);
});

/** The paragraph before a code block: renderers do not show the file name after the fence. */
function textBefore(place: string): string {
  const [path = "", line = ""] = place.split(":");
  const lines = readFileSync(join(repository, path), "utf8")
    .split("\n")
    .slice(0, Number(line) - 1);
  return lines.join("\n").trimEnd().split("\n\n").at(-1) ?? "";
}

/** A systemd unit: each option of its `restate-connect serve` must be in the help of the command. */
async function checkUnit({ text }: CodeBlock): Promise<void> {
  const command = /^ExecStart=.* restate-connect serve (.*)$/m.exec(text)?.[1] ?? "";
  const help = await run("node --conditions=@restate-connect/source src/cli/bin.ts serve --help", repository);
  const options = command.match(/--[\w-]+/g) ?? [];
  expect(options.length).toBeGreaterThan(0);
  for (const option of options) {
    expect(help).toContain(` ${option} `);
  }
}

async function compile(page: string, blocks: readonly CodeBlock[]): Promise<void> {
  const name = page.replaceAll(/\W/g, "-");
  writeFileSync(join(folder, `${name}.ts`), moduleOf(blocks, "../../generated"));
  const project = {
    extends: "../../tsconfig.json",
    compilerOptions: { noUnusedLocals: false },
    include: [],
    files: [`${name}.ts`],
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(project));
  await run(`npx tsc --project .cache/readme/${name}.json`, repository);
}
