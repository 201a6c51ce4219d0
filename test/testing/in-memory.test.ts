import { expect, it } from "vitest";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";

it("a test environment needs no file, no socket and no thread", async () => {
  const flags = '--permission "--allow-fs-read=*" --conditions=@restate-connect/source';
  expect(await run(`node ${flags} test/testing/in-memory.ts`, repository)).toBe("Hello Pete\n");
});
