// The packed packages in a CommonJS project, which is what Nest, Jest and `npm init` make.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningCommand, start } from "../support/command.ts";
import { freePort } from "../support/free-port.ts";
import { codeBlocks, repository } from "../support/markdown.ts";
import { packPackages, type Tarballs } from "./pack.ts";
import { type PackedProject, packedProject } from "./packed-project.ts";

const compilers = ["5.7.3", "5.9.3", "6.0.3", "7.0.2"];

let tarballs: Tarballs;
let project: PackedProject;
let server: RunningCommand;
let baseUrl: string;

beforeAll(async () => {
  tarballs = await packPackages();
  project = packedProject(tarballs);
  project.write("package.json", JSON.stringify({ name: "shop", private: true, type: "commonjs" }));
  cpSync(join(import.meta.dirname, "fixtures/commonjs"), project.folder, { recursive: true });
  await project.install("restate-connect @bufbuild/protobuf @connectrpc/connect");
  const aliases = compilers.map((version) => `typescript-${version}@npm:typescript@${version}`);
  await project.install(
    [
      "@bufbuild/buf",
      "@bufbuild/protoc-gen-es",
      "protoc-gen-restate-es",
      "@types/node",
      "jest@30.5.2",
      ...aliases,
    ].join(" "),
  );
  await project.run("npx buf generate");
  server = await start(
    "npx restate-connect serve services.mjs --port 0 --admin-port 0",
    project.folder,
    /ingress +(http:\S+)[\s\S]*Ctrl-C/,
  );
  baseUrl = server.match[1] ?? "";
}, 300_000);

afterAll(async () => {
  await server?.interrupt();
  project?.[Symbol.dispose]();
  tarballs?.[Symbol.dispose]();
});

it.each(compilers)(
  "compiles with TypeScript %s, also an ES module with the entries for servers",
  async (version) => {
    await project.run(`node node_modules/typescript-${version}/bin/tsc`);
  },
  120_000,
);

it("runs", async () => {
  await project.run(`node node_modules/typescript-${compilers.at(-1)}/bin/tsc`);
  expect(await project.run(`node client.js ${baseUrl}`)).toBe("done\n");
});

it("runs under Jest, without flags", async () => {
  const unusedUrl = `http://127.0.0.1:${await freePort()}`;
  await project.run(
    `BASE_URL=${baseUrl} UNUSED_URL=${unusedUrl} npx jest --silent client.test.js transport.test.js`,
  );
}, 120_000);

it("has test environments for Jest, with the flag for ES modules", async () => {
  const jest = "NODE_OPTIONS=--experimental-vm-modules npx jest --silent";
  await project.run(`${jest} handlers.test.js`);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) {
    await project.run(`${jest} required.test.js`);
  }
}, 120_000);

it("has test environments for Jest as docs/testing.md shows", async () => {
  const block = codeBlocks(join(repository, "docs/testing.md")).find(({ language }) => language === "js");
  project.write("counter.test.js", block?.text ?? "");
  cpSync(join(repository, "proto/org"), join(project.folder, "proto/org"), { recursive: true });
  await project.run("npx buf generate");
  project.write(
    "services.mjs",
    `import { service } from "restate-connect/ingress";
     import { Counter } from "./gen/org/example/counter_pb.js";
     export default [service(Counter, { add: ({ value }) => ({ value }), get: () => ({}), reset: () => {} })];`,
  );
  await project.run("NODE_OPTIONS=--experimental-vm-modules npx jest --silent counter.test.js");
}, 120_000);

it("shares its state with ES modules in the same process", async () => {
  expect(await project.run("node mixed.mjs")).toBe("done\n");
});

it("has ES modules for servers, which require() loads too", async () => {
  const script = `
    const { createIngress } = require("restate-connect/ingress");
    const { embedded } = require("restate-connect/engine");
    console.log(typeof createIngress, typeof embedded);
  `;
  expect(await project.run(`node --eval '${script}'`)).toBe("function function\n");
});
