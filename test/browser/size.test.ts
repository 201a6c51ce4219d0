// How much JavaScript a page loads before its first call, by Vite, with gzip. Chunks that wait for a first use do not count.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { expect, it } from "vitest";
import { repository } from "../support/markdown.ts";

const greet = `.greet({ name: "Pete" }).then(({ greeting }) => console.log(greeting));`;
const ours = (create: string) => `
  import { ${create} } from "restate-connect/web";
  import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
  createGreeterClient(${create}({ baseUrl: "http://localhost:8080" }))${greet}`;
const connectWeb = `
  import { createConnectTransport } from "@connectrpc/connect-web";
  import { createClient } from "@connectrpc/connect";
  import { Greeter } from "../../generated/org/example/greeter_pb.ts";
  createClient(Greeter, createConnectTransport({ baseUrl: "http://localhost:8080" }))${greet}`;

/** Bytes of the page's script and of all that it imports, each with gzip. */
async function loadedBytes(code: string): Promise<number> {
  // Below the root of the repository, so that the page finds its packages.
  const folder = await mkdtemp(join(repository, "coverage", "size-")).catch(() =>
    mkdtemp(join(repository, "node_modules", ".size-")),
  );
  try {
    const page = join(folder, "page.ts");
    await writeFile(page, code);
    const result = await build({
      root: repository,
      configFile: false,
      logLevel: "error",
      resolve: { conditions: ["@restate-connect/source", "module", "browser"] },
      build: { write: false, target: "es2022", rollupOptions: { input: page } },
    });
    return sizeOf((result as Rollup.RollupOutput).output.filter((part) => part.type === "chunk"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function sizeOf(chunks: readonly Rollup.OutputChunk[]): number {
  const loaded = new Set<Rollup.OutputChunk>();
  const load = (chunk: Rollup.OutputChunk | undefined): void => {
    if (chunk !== undefined && !loaded.has(chunk)) {
      loaded.add(chunk);
      for (const path of chunk.imports) {
        load(chunks.find(({ fileName }) => fileName === path));
      }
    }
  };
  load(chunks.find(({ isEntry }) => isEntry));
  return [...loaded].reduce((bytes, { code }) => bytes + gzipSync(code).byteLength, 0);
}

it("is less with createTransport, which has every protocol, than with connect-web, which has one", async () => {
  expect(await loadedBytes(ours("createTransport"))).toBeLessThan(await loadedBytes(connectWeb));
});

it.each([
  ["createConnectTransport", 27_000],
  ["createGrpcWebTransport", 28_500],
])("is small with %s", async (create, budget) => {
  expect(await loadedBytes(ours(create))).toBeLessThan(budget);
});
