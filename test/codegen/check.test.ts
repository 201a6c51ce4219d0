import { existsSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bufGenerate, userProject } from "./project.ts";
import { type Files, root, writeFiles } from "./support.ts";

const counter: Files = {
  "proto/acme/counter.proto": `syntax = "proto3";
package acme;
import "dev/restate/ext.proto";
service Counter {
  option (dev.restate.ext.service_type) = KEYED;
  rpc Add(AddRequest) returns (AddResponse);
}
message AddRequest { string id = 1 [(dev.restate.ext.field) = KEY]; }
message AddResponse {}
`,
};

/** A version of this package that is not the plugin's: the types of its entry for generated code are these. */
function otherRuntime(codegenTypes: string): Files {
  const exports = { ".": "./index.js", "./codegen": "./codegen.js" };
  return {
    "node_modules/restate-connect/package.json": JSON.stringify({ type: "module", exports }),
    "node_modules/restate-connect/index.js": "",
    "node_modules/restate-connect/index.d.ts": clientTypes,
    "node_modules/restate-connect/codegen.js": "",
    "node_modules/restate-connect/codegen.d.ts": codegenTypes,
  };
}

const clientTypes = `
export interface CallOptions {}
export interface SendOptions {}
export interface Context {}
export interface Invocation<T> { result: T }
`;

const types = `
import type { DescMessage, DescService } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
export type Keyless<S extends DescMessage, K extends string> = [S, K];
export declare function createClient<T>(service: DescService, transport: Transport): T;
`;

/** What buf says when it generates with check=true; undefined where it has nothing to say. */
async function check(folder: string, env = {}): Promise<string[] | undefined> {
  const error = await bufGenerate(folder, ["target=ts", "import_extension=js", "check=true"], env).then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  expect(existsSync(join(folder, "gen"))).toBe(error === undefined);
  // The first two lines are the command and buf's own. buf ends protoc-gen-es once this plugin has failed.
  return error
    ?.split("\n")
    .slice(2, -1)
    .filter((line) => !line.startsWith("plugin protoc-gen-es"));
}

describe("--check", () => {
  it("is check=true", async () => {
    await using project = await userProject(counter);
    await rm(join(project.path, "node_modules/restate-connect"));
    await writeFiles(project.path, otherRuntime(types.replace("K extends string", 'K extends "key"')));
    const options = ["target=ts", "import_extension=js"];
    await expect(bufGenerate(project.path, options, {}, ["--check"])).rejects.toThrow(
      "acme/counter.proto:6:7: rpc acme.Counter.Add: TS2344",
    );
    await bufGenerate(project.path, options);
  });
});

describe("check=true", () => {
  it("lets through what compiles", async () => {
    await using project = await userProject(counter);
    expect(await check(project.path)).toBeUndefined();
  });

  it("lets through JSON clients", async () => {
    await using project = await userProject(counter);
    const options = ["target=ts", "import_extension=js", "json_client=true", "check=true"];
    await bufGenerate(project.path, options);
    expect(existsSync(join(project.path, "gen/acme/counter_restate_json.ts"))).toBe(true);
  });

  it("does not mind options about other files, or options that TypeScript has deprecated", async () => {
    await using project = await userProject(counter);
    const compilerOptions = { strict: true, target: "es2022", module: "esnext", moduleResolution: "node10" };
    await rm(join(project.path, "node_modules/restate-connect"));
    await writeFiles(project.path, {
      ...otherRuntime(types),
      "node_modules/restate-connect/package.json": JSON.stringify({ type: "module", main: "./index.js" }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          ...compilerOptions,
          rootDir: "src",
          baseUrl: ".",
          composite: true,
          noUnusedLocals: true,
        },
        include: ["src"],
      }),
    });
    expect(await check(project.path)).toBeUndefined();
  });

  it("needs no tsconfig.json", async () => {
    await using project = await userProject(counter);
    await rm(join(project.path, "node_modules/restate-connect"));
    await rm(join(project.path, "tsconfig.json"));
    await writeFiles(project.path, otherRuntime(types));
    expect(await check(project.path)).toBeUndefined();
  });

  it("reports errors with their place in the proto file, and writes nothing", async () => {
    await using project = await userProject(counter);
    await rm(join(project.path, "node_modules/restate-connect"));
    await writeFiles(project.path, otherRuntime(types.replace("K extends string", 'K extends "key"')));
    expect(await check(project.path)).toEqual([
      "acme/counter.proto:6:7: rpc acme.Counter.Add: TS2344 Type '\"id\"' does not satisfy the constraint '\"key\"'.",
    ]);
  });

  it("reports errors in imports with their place in the generated module", async () => {
    await using project = await userProject(counter);
    await rm(join(project.path, "node_modules/restate-connect"));
    await writeFiles(project.path, otherRuntime(types.replace("Keyless", "Other")));
    const [line, ...others] = (await check(project.path)) ?? [];
    expect(others).toEqual([]);
    expect(line).toMatch(
      /^acme\/counter_restate\.ts:\d+: TS2305 Module '"restate-connect\/codegen"' has no exported member/,
    );
  });

  it("reports messages that protoc-gen-es cannot name", async () => {
    await using project = await userProject({
      "proto/any.proto": 'syntax = "proto3";\nmessage any {}\nservice S { rpc R(any) returns (any); }\n',
    });
    const lines = (await check(project.path)) ?? [];
    expect(lines).toContain("any.proto:2:9: message any: TS2457 Type alias name cannot be 'any'.");
  });

  it("says how to install ts-morph where it is missing", async () => {
    await using project = await userProject(counter);
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
    expect(await check(project.path, { NODE_OPTIONS })).toEqual([
      "check=true needs ts-morph, which is not installed: npm install --save-dev ts-morph",
    ]);
  });

  it("says how to install protoc-gen-es where it is missing", async () => {
    await using project = await userProject(counter);
    const scope = join(project.path, "node_modules/@bufbuild");
    await rm(scope);
    await writeFiles(scope, { "README.md": "" });
    await symlink(join(root, "node_modules/@bufbuild/protobuf"), join(scope, "protobuf"));
    expect(await check(project.path)).toEqual([
      "check=true needs protoc-gen-es, which is not installed here: npm install --save-dev @bufbuild/protoc-gen-es",
    ]);
  });
});
