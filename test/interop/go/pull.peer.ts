// restate-connect pull takes the protos of a Go server by reflection, and generates clients that call it.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../support/command.ts";
import { goServer, type Server } from "../our-client/servers.ts";
import { describeWith } from "../support/describe-with.ts";
import { goPrograms } from "../support/go.ts";
import { root } from "../support/run.ts";

const node = "node --conditions=@restate-connect/source";

await describeWith("pull from Go servers", goPrograms, ({ server: program }) => {
  describe.each([
    ["connect-go", "connect"],
    ["grpc-go", "grpc"],
  ] as const)("%s", (by, protocol) => {
    // Within the repository, so that restate-connect means this package.
    const folder = join(root, `.cache/interop/pull-${by}`);
    let server: Server;
    beforeAll(async () => {
      server = await goServer(program, by);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "buf.gen.yaml"), bufGenYaml);
      await writeFile(
        join(folder, "tsconfig.json"),
        '{ "extends": "../../../tsconfig.json", "include": ["call.ts", "gen"] }',
      );
      await writeFile(join(folder, "call.ts"), script(server.url, protocol));
    });
    afterAll(() => server[Symbol.asyncDispose]());

    it("writes its protos and generates clients", async () => {
      const output = await run(`${node} ${root}/src/cli/bin.ts pull ${server.url}`, folder);
      expect(output).toMatch(/^generated \d+ files in gen: 1 service, 1 method/m);
      const proto = await readFile(join(folder, "proto/org/example/greeter.proto"), "utf8");
      expect(proto).toContain("rpc Greet(GreetRequest) returns (GreetResponse);");
    });

    it("is called from the command line", async () => {
      const call = `call org.example.Greeter/Greet '{"name": "Zoë"}' --url ${server.url} --json`;
      expect(JSON.parse(await run(`${node} ${root}/src/cli/bin.ts ${call}`, folder))).toEqual({
        greeting: "Hello Zoë",
      });
    });

    it("gives a typed client that calls it", async () => {
      await run(`${root}/node_modules/.bin/tsc --project tsconfig.json`, folder);
      expect(await run(`${node} call.ts`, folder)).toBe("Hello Zoë\n");
    });
  });
});

const bufGenYaml = `version: v2
inputs:
  - directory: proto
plugins:
  - local: protoc-gen-es
    out: gen
    strategy: all
    include_imports: true
    opt: [import_extension=js]
  - local: [node, ${root}/codegen/bin.ts]
    out: gen
    strategy: all
    opt: [import_extension=js]
`;

function script(baseUrl: string, protocol: "connect" | "grpc"): string {
  return `
import { createTransport } from "restate-connect/node";
import { createGreeterClient } from "./gen/org/example/greeter_restate.js";

const transport = createTransport({ baseUrl: "${baseUrl}", protocol: "${protocol}" });
const { greeting } = await createGreeterClient(transport).greet({ name: "Zoë" });
const typed: string = greeting;
console.log(typed);
`;
}
