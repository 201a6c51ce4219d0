import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileFolder, filesOf, requestFor, root } from "./support.ts";

it("the modules in generated/ are what the plugin makes of proto/", async () => {
  const image = await compileFolder(join(root, "proto"));
  const protos = globSync("**/*.proto", { cwd: join(root, "proto") });
  const files = await filesOf(requestFor(image, protos, "target=ts,import_extension=ts,json_client=true"));

  const committed = globSync("**/*_restate{,_json}.ts", { cwd: join(root, "generated") });
  expect(Object.keys(files).sort()).toEqual(committed.sort());
  for (const [name, content] of Object.entries(files)) {
    expect(content, name).toBe(await readFile(join(root, "generated", name), "utf8"));
  }
});
