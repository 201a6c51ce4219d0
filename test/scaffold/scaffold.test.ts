// `restate-connect scaffold` in projects of users, on real files, and what it leaves is compiled.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bufGenerate, typeCheck, userProject } from "../codegen/project.ts";
import { type Files, type Folder, root, writeFiles } from "../codegen/support.ts";

const protos: Files = {
  "proto/acme/counter.proto": `syntax = "proto3";
package acme;
import "dev/restate/ext.proto";
import "google/protobuf/empty.proto";
service Counter {
  option (dev.restate.ext.service_type) = KEYED;
  rpc Add(Request) returns (Response);
  rpc Get(Request) returns (Response);
  rpc Reset(Request) returns (google.protobuf.Empty);
  rpc Watch(Request) returns (stream Response);
  rpc ToString(Request) returns (Response);
}
service Greeter { rpc Greet(Request) returns (Response); }
message Request { string id = 1 [(dev.restate.ext.field) = KEY]; }
message Response { int64 value = 1; }
`,
};

let project: Folder;

beforeAll(async () => {
  project = await userProject(protos);
  await bufGenerate(project.path, ["target=ts", "import_extension=ts", "streaming=skip"]);
});

afterAll(() => project[Symbol.asyncDispose]());

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const cli = join(root, "src/cli/bin.ts");
  const child = spawn(process.execPath, ["--conditions=@restate-connect/source", cli, "scaffold", ...args], {
    cwd: project.path,
    env: { ...process.env, ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

/** Scaffolds a module of the project, and gives what it is then. It has to compile. */
async function scaffolded(name: string, content: string): Promise<Ran & { readonly content: string }> {
  await writeFiles(project.path, { [name]: content });
  const ran = await run([name]);
  const after = await readFile(join(project.path, name), "utf8");
  await typeCheck(project.path);
  await rm(join(project.path, name));
  return { ...ran, content: after };
}

/** Editors of Windows begin a file with it. */
const byteOrderMark = "\uFEFF";

const imports = `import { service } from "restate-connect/ingress";
import { Counter } from "./gen/acme/counter_pb.ts";
`;

describe("restate-connect scaffold", () => {
  it("adds what is missing, and leaves the rest as it is", async () => {
    const { code, stdout, content } = await scaffolded(
      "services.ts",
      `// Ours.
${imports}
export default [
    service(Counter, {
        async add( { id } )   { return { value: BigInt(id.length) } }, // counts
        // The others come later.
    }),
];
`,
    );
    expect(content).toBe(`// Ours.
${imports}import { Code, ConnectError } from "restate-connect";

export default [
    service(Counter, {
        async add( { id } )   { return { value: BigInt(id.length) } }, // counts
        // The others come later.
        get() {
            throw new ConnectError("Counter.get is not implemented", Code.Unimplemented);
        },
        reset() {
            throw new ConnectError("Counter.reset is not implemented", Code.Unimplemented);
        },
        toString$() {
            throw new ConnectError("Counter.toString$ is not implemented", Code.Unimplemented);
        },
    }),
];
`);
    expect(stdout).toBe(`added    services.ts:10 get
added    services.ts:13 reset
added    services.ts:16 toString$
`);
    expect(code).toBe(0);
  });

  it("writes as the file is written: quotes, semicolons, tabs, line ends, commas", async () => {
    const lines = [
      `${byteOrderMark}import { ConnectError as Failure } from '@connectrpc/connect'`,
      "import { service as bind } from 'restate-connect/ingress'",
      "import { Counter } from './gen/acme/counter_pb.ts'",
      "export const Code = 1",
      "export default bind(",
      "\tCounter,",
      "\t{",
      "\t\tadd: () => { throw new Failure('later') },",
      "\t\tget: () => ({}),",
      "\t\ttoString$: () => ({})",
      "\t}",
      ")",
      "",
    ];
    const { content } = await scaffolded("services.ts", lines.join("\r\n"));
    const expected = lines.with(
      0,
      `${byteOrderMark}import { ConnectError as Failure, Code as RestateCode } from '@connectrpc/connect'`,
    );
    expected[9] += ",";
    expected.splice(
      10,
      0,
      "\t\treset() {",
      "\t\t\tthrow new Failure('Counter.reset is not implemented', RestateCode.Unimplemented)",
      "\t\t}",
    );
    expect(content).toBe(expected.join("\r\n"));
  });

  it("opens objects on one line", async () => {
    const objects = [
      ["{}", "{\n"],
      ["{ /* nothing yet */ }", "{ /* nothing yet */\n"],
      ["{ add: () => ({}) }", "{\n  add: () => ({}),\n"],
      ["{ add: () => ({}), }", "{\n  add: () => ({}),\n"],
      ["{ ...{ add: () => ({}) } } satisfies object", "{\n  ...{ add: () => ({}) },\n"],
    ] as const;
    const calls = objects.map(([object], index) => `export const s${index} = service(Counter, ${object});\n`);
    const { content } = await scaffolded("services.ts", imports + calls.join(""));
    const bodies = content.split("service(Counter, ").slice(1);
    for (const [index, [object, head]] of objects.entries()) {
      const body = bodies[index] ?? "";
      expect(body.startsWith(head), object).toBe(true);
      expect(body.match(/^ {2}\w+\$?\(\) \{$/gm)).toEqual([
        ...(object.includes("add") ? [] : ["  add() {"]),
        "  get() {",
        "  reset() {",
        "  toString$() {",
      ]);
      expect(body).toMatch(/\n {2}\},\n\}( satisfies object)?\);\n/);
    }
  });

  it("adds to the constant that is given to service(), in whichever file it is", async () => {
    await writeFiles(project.path, {
      "handlers.ts": `import { Code, ConnectError } from "restate-connect";
import type { CounterHandlers } from "./gen/acme/counter_restate.ts";
export const handlers: CounterHandlers = {
  add: () => {
    throw new ConnectError("later", Code.Internal);
  },
};
`,
      "services.ts": `${imports}import { handlers } from "./handlers.ts";
export default [service(Counter, handlers)];
`,
    });
    const { stdout, code } = await run([]);
    expect({ stdout, code }).toEqual({
      stdout:
        "added    handlers.ts:7 get\nadded    handlers.ts:10 reset\nadded    handlers.ts:13 toString$\n",
      code: 0,
    });
    await typeCheck(project.path);
    expect(await run(["tsconfig.json"])).toMatchObject({
      stdout: "no handler is missing in 1 service() call\n",
      code: 0,
    });
    for (const name of ["handlers.ts", "services.ts"]) {
      await rm(join(project.path, name));
    }
  });

  it("takes JavaScript", async () => {
    const { stdout, content } = await scaffolded(
      "services.mjs",
      `${imports}export default service(Counter, {});\n`,
    );
    expect(stdout).toContain("added    services.mjs:5 add\n");
    expect(content).toContain("  reset() {\n");
  });

  it("lists missing handlers and changes nothing with --dry-run", async () => {
    const content = `${imports}export default [\n  service(Counter, { add: () => ({}), get: () => ({}) }),\n];\n`;
    await writeFiles(project.path, { "services.ts": content });
    expect(await run(["services.ts", "--dry-run"])).toMatchObject({
      stdout: "missing  services.ts:4 Counter has no handler for reset, toString$\n",
      code: 1,
    });
    expect(await readFile(join(project.path, "services.ts"), "utf8")).toBe(content);
    await rm(join(project.path, "services.ts"));
  });

  it("reports handlers that are not an object literal", async () => {
    await writeFiles(project.path, {
      "services.ts": `${imports}declare const given: { add(): {} };\nexport default service(Counter, given);\n`,
    });
    expect(await run(["services.ts"])).toMatchObject({
      stdout:
        "missing  services.ts:4 Counter has no handler for get, reset, toString$, and its handlers are not an object literal that they can be added to\n",
      code: 1,
    });
    await rm(join(project.path, "services.ts"));
  });

  it("leaves functions of others alone that are called service", async () => {
    await writeFiles(project.path, {
      "services.ts": `import { Counter } from "./gen/acme/counter_pb.ts";
function service(_: unknown, handlers: { add?(): void }) { return handlers; }
export default service(Counter, {});
`,
    });
    expect(await run(["services.ts"])).toMatchObject({
      stderr:
        "restate-connect: found no call of service() from restate-connect in these files: name other files, or another tsconfig.json\n",
      code: 1,
    });
    await rm(join(project.path, "services.ts"));
  });

  it.each([
    [["nowhere.ts"], "file nowhere.ts does not exist"],
    [["gen"], "file gen does not exist"],
    [["bad.json"], "cannot read bad.json: Expression expected."],
    [["tsconfig.json", "tsconfig.bundler.json"], "give only one tsconfig.json"],
    [
      ["--wet-run"],
      "unknown option '--wet-run' (Did you mean --dry-run?) (see restate-connect scaffold --help)",
    ],
  ])("refuses %j", async (args, message) => {
    await writeFiles(project.path, { "bad.json": '{ "include": ' });
    expect(await run(args)).toMatchObject({ stderr: `restate-connect: ${message}\n`, code: 1 });
  });

  it("says how to install ts-morph where it is missing", async () => {
    await writeFiles(project.path, {
      "without-ts-morph.js": `
        import { registerHooks } from "node:module";
        registerHooks({
          resolve(specifier, context, next) {
            if (specifier !== "ts-morph") return next(specifier, context);
            throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
          },
        });`,
    });
    const NODE_OPTIONS = `--import=${join(project.path, "without-ts-morph.js")}`;
    expect(await run([], { NODE_OPTIONS })).toMatchObject({
      stderr:
        "restate-connect: scaffold needs ts-morph, which is not installed: npm install --save-dev ts-morph\n",
      code: 1,
    });
  });

  it("shows how it is used with --help, without the compiler", async () => {
    const { stdout, code } = await run(["--help"]);
    expect(stdout).toContain("Usage: restate-connect scaffold [options] [files...]");
    expect(code).toBe(0);
  });
});
