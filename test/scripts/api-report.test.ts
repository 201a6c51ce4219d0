import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/command.ts";
import { repositoryCopy } from "../support/repository-copy.ts";

it("npm run check:api fails when the public API is not that of docs/api/, or a name means two things", async () => {
  using copy = repositoryCopy();
  appendFileSync(join(copy.folder, "src/json/index.ts"), "export interface RetryOptions {}\n");
  await expect(run("npm run --silent check:api", copy.folder)).rejects.toThrow(
    "RetryOptions is exported by restate-connect and, with other members, by restate-connect/json\n" +
      "the public API changed: run npm run api, and commit docs/api/restate-connect.json.d.ts",
  );
}, 180_000);
