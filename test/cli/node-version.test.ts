import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import generator from "../../codegen/package.json" with { type: "json" };
import runtime from "../../package.json" with { type: "json" };
import { neededNode, nodeProblem, serverProblem } from "../../src/model/node-version.ts";
import { startCliWith } from "../support/cli.ts";
import { repository } from "../support/markdown.ts";

describe("the Node that is needed", () => {
  it.each(["22.22.3", "22.23.0", "24.15.0", "24.21.0", "26.0.0", "27.1.0"])("takes %s", (node) => {
    expect(nodeProblem("serve", { ...process.versions, node })).toBeUndefined();
  });

  it.each(["18.20.0", "20.20.2", "22.4.0", "22.18.0", "22.22.2", "23.11.0", "24.14.1", "25.9.0"])(
    "refuses %s",
    (node) => {
      expect(nodeProblem("serve", { ...process.versions, node })).toBe(
        `serve needs Node 22.22.3 or later, 24.15 or later, or 26, and this is Node ${node}. Install another from https://nodejs.org`,
      );
    },
  );

  it.each([
    [{ deno: "2.9.6" }, "Deno 2.9.6"],
    [{ bun: "1.4.5" }, "Bun 1.4.5"],
  ])("is wanted by servers in place of %j, which clients take", (other, name) => {
    const versions = { ...process.versions, ...other };
    expect(nodeProblem("createTransport", versions)).toBeUndefined();
    expect(serverProblem("serve", versions)).toBe(
      `serve needs Node 22.22.3 or later, 24.15 or later, or 26, and this is ${name}. Run it with Node: only clients run on Deno and Bun`,
    );
  });

  it("is wanted by serve in one line", async () => {
    const pretend = 'Object.defineProperty(process.versions, "bun", { value: "1.4.5" })';
    await using cli = startCliWith(
      ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`],
      ...["serve", "examples/services.ts"],
    );
    expect(await cli.ended).toBe(1);
    expect(cli.stderr()).toMatch(
      /^restate-connect: restate-connect serve needs Node .* this is Bun 1.4.5. .*\n$/,
    );
  });

  it("is the same in both packages and in the docs", () => {
    for (const { engines } of [runtime, generator]) {
      expect(engines.node).toBe("^22.22.3 || ^24.15.0 || >=26");
    }
    for (const page of ["README.md", "docs/getting-started.md", "codegen/README.md"]) {
      expect(readFileSync(join(repository, page), "utf8").replaceAll("\n", " "), page).toContain(neededNode);
    }
  });

  it.each([
    ["src/cli/bin.ts", "restate-connect"],
    ["codegen/bin.ts", "protoc-gen-restate-es"],
  ])("is checked when %s starts", (bin, name) => {
    const pretend = 'Object.defineProperty(process.versions, "node", { value: "20.20.2" })';
    const args = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, bin, "--version"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: repository,
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^${name} needs Node .* and this is Node 20\\.20\\.2\\. .*\\n$`));
  });
});
