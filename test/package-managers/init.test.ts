import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packPackages, type Tarballs } from "../package/pack.ts";
import { run } from "../support/command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The package managers, from the registry: `node_modules/.bin` of this folder has their commands. */
const managers = ["pnpm@12.21.0", "@yarnpkg/cli-dist@4.18.1", "bun@1.4.5"];

/** How a package manager is told about a project, and how it runs a command of a package. */
const cases = [
  {
    name: "npm",
    files: {},
    install: "npm install --no-audit --no-fund",
    exec: "npx",
    script: "npm run --silent",
  },
  {
    name: "pnpm",
    files: { "pnpm-workspace.yaml": 'allowBuilds:\n  "@bufbuild/buf": false\n' },
    install: "pnpm install",
    exec: "pnpm exec",
    script: "pnpm run --silent",
  },
  {
    name: "Yarn, node_modules",
    files: { ".yarnrc.yml": "nodeLinker: node-modules\n", "yarn.lock": "" },
    install: "yarn install --no-immutable",
    exec: "yarn",
    script: "yarn",
  },
  {
    name: "Yarn, Plug'n'Play",
    files: { ".yarnrc.yml": "nodeLinker: pnp\n", "yarn.lock": "" },
    install: "yarn install --no-immutable",
    exec: "yarn",
    script: "yarn",
  },
  {
    name: "bun",
    files: {},
    install: "bun install",
    exec: "bunx",
    script: "bun run --silent",
  },
] as const;

let tarballs: Tarballs;
let bin = "";

beforeAll(async () => {
  bin = temporaryFolder("managers");
  await writeFile(join(bin, "package.json"), "{}");
  [tarballs] = await Promise.all([
    packPackages(),
    run(`npm install --prefer-offline --no-audit --no-fund ${managers.join(" ")}`, bin),
  ]);
});
afterAll(async () => {
  tarballs[Symbol.dispose]();
  await rm(bin, { recursive: true, force: true });
});

describe("restate-connect init", () => {
  it.each(
    cases.flatMap((manager) => (["module", "commonjs"] as const).map((type) => ({ ...manager, type }))),
  )(
    "$name, $type: two commands to a typed call and a send",
    async ({ files, install, exec, script, type }) => {
      const folder = temporaryFolder("init");
      const command = (text: string) => run(`export PATH=${bin}/node_modules/.bin:$PATH; ${text}`, folder);
      try {
        // As after adding the two packages, which only their tarballs have.
        const manifest = {
          name: "shop",
          private: true,
          type,
          dependencies: { "restate-connect": `file:${tarballs.paths.get("restate-connect")}` },
          devDependencies: { "protoc-gen-restate-es": `file:${tarballs.paths.get("protoc-gen-restate-es")}` },
        };
        await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
        for (const [path, text] of Object.entries(files)) {
          await writeFile(join(folder, path), text);
        }
        await command(install);

        const output = await command(`${exec} restate-connect init`);
        expect(output).toMatch(/generated \d+ files in gen: 1 service, 1 method, /);
        expect(await command(`${script} demo`)).toMatch(
          /^call: Hello Pete \(1\)\nsend: inv_1\w{33}\nattach: Hello Pete \(2\)\n$/m,
        );
        // A second time it changes nothing.
        const before = await readFile(join(folder, "package.json"), "utf8");
        expect(await command(`${exec} restate-connect init --no-install`)).not.toContain("created");
        expect(await readFile(join(folder, "package.json"), "utf8")).toBe(before);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    300_000,
  );
});
