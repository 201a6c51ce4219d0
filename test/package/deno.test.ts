// The packed packages in a project for Deno, which reads package.json and node_modules too.
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packPackages, type Tarballs } from "./pack.ts";
import { type PackedProject, packedProject } from "./packed-project.ts";

const proto = `syntax = "proto3";
package shop.v1;
service Basket {
  rpc Add(AddRequest) returns (AddResponse);
}
message AddRequest { int64 price = 1; }
message AddResponse { int64 total = 1; }
`;

const generation = (target: string, extension: string) => `version: v2
plugins:
  - local: protoc-gen-es
    out: ${target}
    opt: [target=${target}, import_extension=${extension}]
  - local: protoc-gen-restate-es
    out: ${target}
    opt: [target=${target}, import_extension=${extension}]
`;

const client = (module: string) => `import { createTransport } from "restate-connect/node";
import { createBasketClient } from "${module}";
const basket = createBasketClient(createTransport({ baseUrl: "http://localhost:8080" }));
export const { total }: { total: bigint } = await basket.add({ price: 350n });
`;

const onDeno = isInstalled("deno") ? describe : describe.skip;

onDeno("Deno", () => {
  let tarballs: Tarballs;
  let project: PackedProject;
  beforeAll(async () => {
    tarballs = await packPackages();
    project = packedProject(tarballs);
    project.write("package.json", JSON.stringify({ name: "shop", private: true, type: "module" }));
    await project.install("restate-connect @bufbuild/protobuf @connectrpc/connect");
    await project.install("@bufbuild/buf @bufbuild/protoc-gen-es protoc-gen-restate-es");
    project.write("proto/shop/v1/basket.proto", proto);
    project.write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
  }, 300_000);
  afterAll(() => {
    project?.[Symbol.dispose]();
    tarballs?.[Symbol.dispose]();
  });

  it.each([
    ["js+dts", "js"],
    ["ts", "ts"],
  ])("checks clients that are generated as %s", async (target, extension) => {
    project.write(`${target}.gen.yaml`, generation(target, extension));
    await project.run(`npx buf generate --template ${target}.gen.yaml`);
    const module = `./${target}/shop/v1/basket_restate.${extension}`;
    project.write("right.ts", client(module));
    await project.run("deno check right.ts");
    project.write("wrong.ts", client(module).replace("350n", '"350"'));
    await expect(project.run("deno check wrong.ts")).rejects.toThrow("TS2322");
  });

  it("is told by serve to use Node", async () => {
    project.write("services.ts", "export default [];\n");
    const serve = "deno run --allow-all node_modules/restate-connect/dist/src/cli/bin.js serve services.ts";
    await expect(project.run(serve)).rejects.toThrow(
      /restate-connect serve needs Node .*, and this is Deno /,
    );
  });
});

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.info(`skipped: ${command} is not on the PATH`);
    return false;
  }
}
