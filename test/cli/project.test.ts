import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toolVersions } from "../../src/cli/project/tool-versions.ts";
import { run, start } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const cli = `node --conditions=@restate-connect/source ${repository}/src/cli/bin.ts`;

let folder = "";

beforeEach(async () => {
  folder = temporaryFolder("project");
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (path: string, text: string) => writeFile(join(folder, path), text);
const read = (path: string) => readFile(join(folder, path), "utf8");

/** The failure of a command: its exit code and all its output. */
async function failure(command: string): Promise<string> {
  return await run(command, folder).then(
    (output) => {
      throw new Error(`${command} did not fail: ${output}`);
    },
    (error: Error) => error.message,
  );
}

/** Initialises a project whose generator is the one of this repository, not built. */
async function initialised(options = "include_imports: true"): Promise<void> {
  await run(`${cli} init --no-install`, folder);
  await write(
    "buf.gen.yaml",
    `version: v2
clean: true
inputs:
  - directory: proto
    paths: [proto/greeter]
plugins:
  - local: protoc-gen-es
    out: gen
    strategy: all
    ${options}
    opt: [import_extension=js]
  - local: [node, ${repository}/codegen/bin.ts]
    out: gen
    strategy: all
    opt: [import_extension=js]
`,
  );
}

describe("init", () => {
  it("keeps what is there, and says so", async () => {
    await write("services.ts", "// mine\n");
    await write(
      "package.json",
      '{"name":"mine","type":"module","scripts":{"demo":"echo mine"},"devDependencies":{"typescript":"5"}}',
    );
    await write(".gitignore", "gen");
    const output = await run(`${cli} init --no-install`, folder);
    expect(output).toMatch(/^kept {5}services\.ts$/m);
    expect(await read("services.ts")).toBe("// mine\n");
    expect(JSON.parse(await read("package.json"))).toMatchObject({
      name: "mine",
      scripts: { demo: "echo mine", generate: "restate-connect generate" },
      devDependencies: { typescript: "5" },
    });
    expect(await read(".gitignore")).toBe("gen\nnode_modules/\nrestate-data/\n");
  });

  it("tells pnpm to do without the script of buf", async () => {
    await write("pnpm-lock.yaml", "");
    expect(await run(`${cli} init --no-install`, folder)).toMatch(/^created {2}pnpm-workspace\.yaml$/m);
    expect(await read("pnpm-workspace.yaml")).toBe('allowBuilds:\n  "@bufbuild/buf": false\n');
    expect(await run(`${cli} init --no-install`, folder)).toMatch(/^kept {5}pnpm-workspace\.yaml$/m);
  });

  it("says what to add to the settings of a pnpm workspace, where pnpm would exit with code 1", async () => {
    await write("pnpm-workspace.yaml", "packages: [packages/*]\n");
    await mkdir(join(folder, "packages/shop"), { recursive: true });
    await write("packages/shop/package.json", "{}");
    const output = await run(`${cli} init --no-install`, join(folder, "packages/shop"));
    expect(output).toContain(
      'to do    ../../pnpm-workspace.yaml: add "@bufbuild/buf": false under allowBuilds, or pnpm exits with code 1 ',
    );
    expect(existsSync(join(folder, "packages/shop/pnpm-workspace.yaml"))).toBe(false);
  });

  it("adds the versions that this repository has", async () => {
    const { devDependencies } = JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const added = Object.entries({
      ...toolVersions.dependencies,
      ...toolVersions.devDependencies,
      ...toolVersions.typeScript,
    });
    for (const [name, range] of added) {
      expect([name, range]).toEqual([name, `^${devDependencies[name]}`]);
    }
  });
});

describe("generate", () => {
  it("says what it generated", async () => {
    await initialised();
    expect(await run(`${cli} generate`, folder)).toMatch(
      /^generated 6 files in gen: 1 service, 1 method, \d+\.\d s$/m,
    );
  });

  it("notices a forgotten include_imports", async () => {
    await initialised("");
    expect(await failure(`${cli} generate`)).toContain(
      "restate-connect: gen/greeter/v1/greeter_pb.js imports gen/dev/restate/ext_pb, which was not generated: " +
        "add include_imports: true to protoc-gen-es in buf.gen.yaml",
    );
  });

  it("passes on what buf says about a proto", async () => {
    await initialised();
    const proto = await read("proto/greeter/v1/greeter.proto");
    await write("proto/greeter/v1/greeter.proto", proto.replace("string greeting", "strin greeting"));
    const message = await failure(`${cli} generate`);
    expect(message).toMatch(/greeter\.proto:\d+:\d+:/);
    expect(message).toContain("restate-connect: buf generate failed: see the messages above");
  });

  it("points to init where there is no project", async () => {
    expect(await failure(`${cli} generate`)).toMatch(
      /there is no buf\.gen\.yaml in .*: create a project with restate-connect init/,
    );
  });

  it("--watch generates again after a change", async () => {
    await initialised();
    const watching = await start(`${cli} generate --watch`, folder, /watching proto/);
    const again = new Promise<string>((resolve) => {
      watching.onOutput((output) => {
        if (/2 methods/.test(output)) {
          resolve(output);
        }
      });
    });
    const proto = await read("proto/greeter/v1/greeter.proto");
    await write(
      "proto/greeter/v1/greeter.proto",
      proto.replace("rpc Greet(", "rpc Wave(GreetRequest) returns (GreetResponse);\n  rpc Greet("),
    );
    await again;
    expect(await read("gen/greeter/v1/greeter_restate.d.ts")).toContain("wave");
    await watching.interrupt();
  });
});

describe("protos", () => {
  it("copies the protos that services import, and checks the copies", async () => {
    expect(await failure(`${cli} protos vendor --check`)).toMatch(
      /vendor\/dev\/restate\/ext\.proto, vendor\/dev\/restate\/sdk\/go\.proto differ from restate-connect .*: run restate-connect protos vendor/,
    );
    await run(`${cli} protos vendor`, folder);
    expect(await read("vendor/dev/restate/ext.proto")).toMatch(
      /^\/\/ Copied by "restate-connect protos" from restate-connect \d/,
    );
    expect(await run(`${cli} protos vendor --check`, folder)).toMatch(/^up to date with restate-connect \d/);
    await write("vendor/dev/restate/ext.proto", "// changed\n");
    expect(await failure(`${cli} protos vendor --check`)).toMatch(/ext\.proto differs from/);
  });
});

describe("a reader that stops early", () => {
  it("is not an error", async () => {
    const child = spawn("bash", ["-c", `set -o pipefail; ${cli} serve --help | true`], {
      cwd: repository,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    await new Promise((resolve) => child.once("close", resolve));
    expect(stderr).toBe("");
  });
});
