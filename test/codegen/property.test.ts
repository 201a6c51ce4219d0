import fc from "fast-check";
import { expect, it } from "vitest";
import { request } from "./arbitrary.ts";
import { compilerDeclarations, compilerJavaScript, meaning } from "./oracle.ts";
import { filesOf } from "./support.ts";

// The same on each run, and printed by a failure. To have the smallest request that fails, take endOnFailure away.
const parameters = { seed: 20261122, endOnFailure: true };

it("generated code compiles for any names", { timeout: 180_000 }, async () => {
  const property = fc.asyncProperty(request, async (request) => {
    await filesOf({ ...request, parameter: "target=ts,json_client=true,check=true" });
  });
  await fc.assert(property, { ...parameters, numRuns: 3 });
});

it("js and d.ts equal the compiler's output for the ts, for any names", async () => {
  const property = fc.asyncProperty(request, async (request) => {
    const files = await filesOf({ ...request, parameter: "target=ts+js+dts,json_client=true" });
    for (const [name, typescript] of Object.entries(files).filter(([name]) => /(?<!\.d)\.ts$/.test(name))) {
      const { [name.replace(".ts", ".js")]: js = "", [name.replace(".ts", ".d.ts")]: dts = "" } = files;
      expect(meaning(js, "module.js")).toEqual(meaning(compilerJavaScript(typescript), "module.js"));
      expect(meaning(dts, "module.d.ts")).toEqual(meaning(compilerDeclarations(typescript), "module.d.ts"));
    }
  });
  await fc.assert(property, { ...parameters, numRuns: 10 });
});
