import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/command.ts";
import { repositoryCopy } from "../support/repository-copy.ts";

const ownProto = `syntax = "proto3";
package acme.v1;
import "dev/restate/ext.proto";
service Parcels {
  option (dev.restate.ext.service_type) = KEYED;
  rpc Track(TrackRequest) returns (TrackResponse);
}
message TrackRequest { string parcel = 1 [(dev.restate.ext.field) = KEY]; }
message TrackResponse { string place = 1; }
`;

const ownClient = `import { createTransport } from "restate-connect/web";
import { createParcelsClient } from "../generated/acme/v1/parcels_restate.ts";

const parcels = createParcelsClient(createTransport({ baseUrl: "http://localhost:8080" }));
export const place: Promise<string> = parcels.key("p1").track({}).then((response) => response.place);
`;

describe("npm run generate", () => {
  let copy: ReturnType<typeof repositoryCopy>;

  beforeAll(() => {
    copy = repositoryCopy();
  });

  afterAll(() => copy[Symbol.dispose]());

  it("changes nothing when nothing changed", async () => {
    const before = contents(join(copy.folder, "generated"));
    await run("npm run generate", copy.folder);
    expect(contents(join(copy.folder, "generated"))).toEqual(before);
    expect(await run("npm run check:generated", copy.folder)).not.toContain("stale");
  });

  it("makes a typed client of a proto that was put into proto/, with no further step", async () => {
    mkdirSync(join(copy.folder, "proto/acme/v1"), { recursive: true });
    writeFileSync(join(copy.folder, "proto/acme/v1/parcels.proto"), ownProto);
    await expect(run("npm run check:generated", copy.folder)).rejects.toThrow("generated/ was stale");
    writeFileSync(join(copy.folder, "examples/parcels.ts"), ownClient);
    await run("npm run generate", copy.folder);
    const project = { extends: "./tsconfig.json", files: ["examples/parcels.ts"], include: [] };
    writeFileSync(join(copy.folder, "own.json"), JSON.stringify(project));
    await run("npm run typecheck -- --project own.json", copy.folder);
  });
});

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length), readFileSync(path, "utf8")];
    }),
  );
}
