import { describe, expect, it } from "vitest";
import { optionsHelp } from "../../codegen/options.ts";
import { version } from "../../codegen/version.ts";
import { bufGenerate, userProject } from "./project.ts";
import { execute } from "./support.ts";

describe("protoc-gen-restate-es, run by hand,", () => {
  it.each(["--version", "-v"])("prints its version with %s", async (flag) => {
    const { stdout } = await execute("node", ["codegen/bin.ts", flag]);
    expect(stdout.toString()).toBe(`protoc-gen-restate-es ${version}\n`);
  });

  it.each(["--help", "-h"])("prints how buf runs it with %s", async (flag) => {
    const { stdout } = await execute("node", ["codegen/bin.ts", flag]);
    expect(stdout.toString()).toContain("run `buf generate`");
    expect(stdout.toString()).toContain(optionsHelp);
  });

  it("shows a template whose output compiles: with what the protos import", async () => {
    const { stdout } = await execute("node", ["codegen/bin.ts", "--help"]);
    expect(String(stdout)).toMatch(/- local: protoc-gen-es\n(?: {6}.*\n)*? {6}include_imports: true\n/);
  });

  it("fails with that help for any other argument", async () => {
    await expect(execute("node", ["codegen/bin.ts", "greeter.proto"])).rejects.toThrow("run `buf generate`");
  });
});

describe("protoc-gen-restate-es, run by buf,", () => {
  it("reports all problems, each on a line that begins with its place", async () => {
    await using project = await userProject({
      "proto/a.proto": `syntax = "proto3";
        message M {}
        service A { rpc One(M) returns (stream M); rpc Two(stream M) returns (M); }`,
    });
    const reason: Error = await bufGenerate(project.path, ["target=ts"]).catch((error) => error);
    expect(
      reason.message
        .split("\n")
        .filter((line) => /^a\.proto:3:\d+: rpc A\.(One|Two) is a streaming method/.test(line)),
    ).toHaveLength(2);
  });
});
