import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compilerDeclarations, compilerJavaScript, meaning } from "./oracle.ts";
import { compileFolder, compileProto, type Files, filesOf, requestFor, root } from "./support.ts";
import { torture } from "./torture.ts";

const examples = ["accounts", "counter", "greeter", "orders"].map((name) => `org/example/${name}.proto`);

async function exampleFiles(parameter: string): Promise<Files> {
  return filesOf(requestFor(await compileFolder(join(root, "proto")), examples, parameter));
}

async function tortureFiles(parameter: string): Promise<Files> {
  return filesOf(await compileProto(torture, parameter));
}

describe.each([
  ["the examples", exampleFiles],
  ["names that get in each other's way", tortureFiles],
])("for %s", (_, generate) => {
  it("JavaScript is what the compiler makes of the TypeScript", async () => {
    const files = await generate("target=ts+js,json_client=true");
    for (const name of Object.keys(files).filter((name) => name.endsWith(".js"))) {
      const ours = meaning(files[name] ?? "", "module.js");
      const typescript = files[name.replace(".js", ".ts")] ?? "";
      expect(ours.length).toBeGreaterThan(1);
      expect(ours, name).toEqual(meaning(compilerJavaScript(typescript), "module.js"));
    }
  });

  it("declarations are what the compiler makes of the TypeScript", async () => {
    const files = await generate("target=ts+dts,json_client=true");
    for (const name of Object.keys(files).filter((name) => name.endsWith(".d.ts"))) {
      const ours = meaning(files[name] ?? "", "module.d.ts");
      const typescript = files[name.replace(".d.ts", ".ts")] ?? "";
      expect(ours.length).toBeGreaterThan(5);
      expect(ours, name).toEqual(meaning(compilerDeclarations(typescript), "module.d.ts"));
    }
  });
});
