// docs/connect-v1.md, block by block, with the packages of the workspace test/connect-v1: they cannot be
// installed next to those of v2.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../support/command.ts";
import { type CodeBlock, codeBlocks, commandsOf, repository } from "../support/markdown.ts";
import { type ExampleServer, exampleServer } from "./example-server.ts";
import { moduleOf } from "./type-script.ts";

const workspace = join(repository, "test/connect-v1");
// Within the workspace, so that @connectrpc/connect means v1.
const folder = join(workspace, ".cache/readme");
const blocks = codeBlocks(join(repository, "docs/connect-v1.md"));
const plugins = `PATH="${join(workspace, "node_modules/.bin")}:$PATH"`;

let server: ExampleServer;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(repository, "proto"), join(folder, "proto"), { recursive: true });
  server = await exampleServer();
});

afterAll(() => server[Symbol.asyncDispose]());

it("has blocks of these languages alone", () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["sh", "yaml", "ts"]));
});

it("installs the versions that are tried here", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(workspace, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const shown = blocksIn("sh").flatMap(commandsOf);
  expect(shown.every((command) => command.startsWith("npm install "))).toBe(true);
  const packages = shown.flatMap((command) => command.split(" ").filter((word) => /.@/.test(word)));
  expect(packages.length).toBeGreaterThan(3);
  const tried = Object.entries(devDependencies).map(([name, version]) => `${name}@${version}`);
  expect(tried).toEqual(expect.arrayContaining(packages));
});

it("generates, and has TypeScript that compiles and runs against the ingress", async () => {
  const [template] = blocksIn("yaml");
  writeFileSync(join(folder, "buf.gen.yaml"), template?.text ?? "");
  await run(`${plugins} ${join(repository, "node_modules/.bin/buf")} generate`, folder);

  const module = moduleOf(blocksIn("ts"), "./gen").replaceAll(/(?<="\.\/gen\/.*)\.ts(?=";)/g, ".js");
  writeFileSync(join(folder, "page.ts"), await server.here(`${module}console.log(greeting);\n`));
  const compilerOptions = { noUnusedLocals: false, skipLibCheck: false };
  const project = {
    extends: "../../../../tsconfig.json",
    compilerOptions,
    include: ["page.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  await run(`npx tsc --project ${folder}`, repository);
  expect(await run("node page.ts", folder)).toBe("Hello Paula\nHello Pete\n");
});

function blocksIn(wanted: string): readonly CodeBlock[] {
  return blocks.filter(({ language }) => language === wanted);
}
