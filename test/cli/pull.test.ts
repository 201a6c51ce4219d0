import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { embedded } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import services from "../../examples/services.ts";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import accounts from "./fixtures/accounts.ts";

const cli = `node --conditions=@restate-connect/source ${repository}/src/cli/bin.ts`;

let ingress: Ingress;
let folder = "";
let url = "";

beforeAll(async () => {
  folder = temporaryFolder("pull");
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
  ingress = createIngress({
    services: [...services, ...accounts],
    engine: embedded({ path: join(folder, "data") }),
  });
  ({ url } = await ingress.listen({ port: 0, adminPort: 0 }));
});
afterAll(async () => {
  await ingress.close();
  await rm(folder, { recursive: true });
});

describe("pull", () => {
  it("writes the protos of a running ingress, with Restate's options, and generates clients", async () => {
    await writeFile(
      join(folder, "buf.gen.yaml"),
      `version: v2
inputs:
  - directory: proto
plugins:
  - local: protoc-gen-es
    out: gen
    strategy: all
    opt: [import_extension=js]
  - local: [node, ${repository}/codegen/bin.ts]
    out: gen
    strategy: all
    opt: [import_extension=js]
`,
    );
    const output = await run(`${cli} pull ${url}`, folder);
    expect(output).toMatch(/^wrote {2}proto\/org\/example\/counter\.proto$/m);
    expect(output).toMatch(/^generated \d+ files in gen: 6 services, \d+ methods/m);
    const counter = await readFile(join(folder, "proto/org/example/counter.proto"), "utf8");
    expect(counter).toContain("option (dev.restate.ext.service_type) = KEYED;");
    expect(counter).toContain("string counter = 1 [(dev.restate.ext.field) = KEY];");
    const client = await readFile(join(folder, "gen/org/example/accounts_restate.d.ts"), "utf8");
    expect(client).toContain("createSignupClient");
  });

  it("pulls again over what it pulled, and refuses to overwrite other files", async () => {
    await run(`${cli} pull ${url} --service org.example.Greeter --no-generate --out again`, folder);
    await run(`${cli} pull ${url} --service org.example.Greeter --no-generate --out again`, folder);
    await writeFile(join(folder, "again/org/example/greeter.proto"), "// mine\n");
    await expect(
      run(`${cli} pull ${url} --service org.example.Greeter --no-generate --out again`, folder),
    ).rejects.toThrow(
      "again/org/example/greeter.proto exists and was not pulled: choose another folder with --out, or remove the file",
    );
  });

  it("suggests the service that was meant", async () => {
    await expect(
      run(`${cli} pull ${url} --service org.example.Greter --no-generate --out none`, folder),
    ).rejects.toThrow(/did you mean org\.example\.Greeter\?/);
  });

  it.each([
    [
      "has no gRPC reflection, so its services are not known. Turn it on there",
      () => createHttp2Server((_, response) => response.writeHead(404).end()),
    ],
    [
      "does not speak HTTP/2, which gRPC reflection needs",
      () => createServer((_, response) => response.writeHead(404).end()),
    ],
  ])("says that a server %s", async (problem, create) => {
    const server = create();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const command of ["pull", "call org.example.Greeter/Greet {} --url"]) {
      await expect(run(`${cli} ${command} ${other}`, folder)).rejects.toThrow(
        `restate-connect: ${other} ${problem}`,
      );
    }
    server.close();
  });
});
