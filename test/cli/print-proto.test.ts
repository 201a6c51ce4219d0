import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createFileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printProto } from "../../src/cli/pull/print-proto.ts";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder = "";

beforeAll(async () => {
  folder = temporaryFolder("print");
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** All that the language has: proto2 with groups, extensions and defaults; proto3; editions; options of messages. */
const files = {
  "torture/options.proto": `syntax = "proto2";
package torture;
import "google/protobuf/descriptor.proto";
message Rule { optional string text = 1; repeated int32 numbers = 2; optional Rule inner = 3; optional bytes raw = 4; }
enum Level { LOW = 0; HIGH = 1; }
extend google.protobuf.FieldOptions { optional Rule rule = 50001; repeated Level levels = 50002; optional double ratio = 50003; }
extend google.protobuf.MethodOptions { optional string path = 50001; }
extend google.protobuf.MessageOptions { optional bool checked = 50001; }
extend google.protobuf.EnumValueOptions { optional string label = 50001; }
`,
  "torture/proto2.proto": `syntax = "proto2";
package torture.two;
import public "torture/options.proto";
option java_package = "com.example.\\"torture\\"";
option optimize_for = CODE_SIZE;
message Old {
  option (torture.checked) = true;
  required int32 id = 1 [default = -7];
  optional string name = 2 [default = "a \\"quoted\\"\\nname é"];
  optional bytes blob = 3 [default = "\\001\\xff"];
  optional double pi = 4 [default = 3.25];
  optional float big = 5 [default = inf];
  optional Kind kind = 6 [default = SECOND, deprecated = true];
  repeated int64 many = 7 [packed = true, (.torture.rule) = { text: "x\\ty" numbers: [1, 2] inner: { raw: "\\000" } }];
  optional group Part = 8 { optional string text = 1; optional group Deeper = 2 { optional bool yes = 1; } }
  map<string, Kind> kinds = 9;
  optional string renamed = 10 [json_name = "other-name"];
  optional string plain = 11 [(.torture.levels) = LOW, (.torture.levels) = HIGH, (.torture.ratio) = 1.5];
  optional string empty = 12 [default = ""];
  extensions 100 to 199, 1000 to max;
  reserved 20, 30 to 40;
  reserved "gone", "lost";
  enum Kind { option allow_alias = true; FIRST = 1 [(.torture.label) = "one"]; SECOND = 2; ALSO_SECOND = 2; reserved 5 to 7, 9 to max; reserved "THIRD"; }
  message torture { optional int32 shadow = 1; }
  optional torture shadowed = 13;
  optional .torture.Rule outer = 14;
  oneof choice { string left = 15; Old right = 16; }
  extend Old { optional string inside = 100; }
}
extend Old { repeated Old.Kind outside = 101; }
`,
  "torture/proto3.proto": `syntax = "proto3";
package torture.three.v1;
import "google/protobuf/empty.proto";
import "torture/options.proto";
message New {
  optional int32 maybe = 1;
  repeated double unpacked = 2 [packed = false];
  oneof a { string b = 3; }
  map<int64, New> nested = 4;
  google.protobuf.Empty empty = 5;
  oneof second { int32 c = 6; bytes d = 7; }
}
service Things {
  option deprecated = true;
  rpc Get(New) returns (google.protobuf.Empty) { option (torture.path) = "/get"; option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch(stream New) returns (stream New);
}
`,
  "torture/edition.proto": `edition = "2023";
package torture.edition;
option features.field_presence = IMPLICIT;
message Modern {
  string implicit = 1;
  string explicit = 2 [features.field_presence = EXPLICIT];
  repeated int32 expanded = 3 [features.repeated_field_encoding = EXPANDED];
  Modern delimited = 4 [features.message_encoding = DELIMITED];
  reserved gone;
}
enum Closed { option features.enum_type = CLOSED; ONE = 1; }
`,
};

async function write(root: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function compile(root: string, options = "--exclude-source-info"): Promise<FileDescriptorSet> {
  await run(`npx --prefix ${repository} buf build ${root} ${options} --output ${root}.binpb`, repository);
  return fromBinary(FileDescriptorSetSchema, await readFile(`${root}.binpb`));
}

function sortNested(message: DescriptorProto): DescriptorProto {
  const nestedType = message.nestedType.map(sortNested).toSorted((a, b) => a.name.localeCompare(b.name));
  return { ...message, nestedType };
}

describe("printProto", () => {
  it("prints the comments above elements, if the descriptor has them", async () => {
    const commented = `syntax = "proto3";

package commented.v1;

// A basket.
//
// It has apples.
message Basket {
  // What is inside.
  message Apple {
    // In grams.
    int32 weight = 1;
  }

  // One of two.
  oneof choice {
    // The left one.
    string left = 1;
  }
  // By name.
  map<string, Basket.Apple> apples = 2;
}

// Ripe or not.
enum Ripeness {
  // Nobody knows.
  RIPENESS_UNSPECIFIED = 0;
}

// Sells baskets.
service Shop {
  // Adds an apple.
  rpc Add(Basket) returns (Basket);
}
`;
    const root = join(folder, "comments");
    await write(root, { "commented/v1/commented.proto": commented });
    const files = await compile(root, "");
    const [file] = files.file;
    expect(file && printProto(file, createFileRegistry(files))).toBe(commented);
  });

  it.each([
    ["all of the language", async (root: string) => await write(root, files)],
    [
      "the protos of this repository",
      async (root: string) => {
        await run(`mkdir -p ${root} && cp -r proto/. ${root}`, repository);
      },
    ],
  ])("prints %s so that it compiles to the same descriptors", async (name, prepare) => {
    const root = join(folder, name.replaceAll(" ", "-"));
    await prepare(root);
    const original = await compile(root);
    const registry = createFileRegistry(original);
    const printed = Object.fromEntries(
      original.file
        .filter((file) => !file.name.startsWith("google/protobuf/"))
        .map((file) => [file.name, printProto(file, registry)]),
    );
    await write(`${root}-printed`, printed);
    const again = await compile(`${root}-printed`);
    // Extensions compare as text. A message keeps its types in any order: those of maps and groups have none of their own.
    const json = (set: FileDescriptorSet) =>
      set.file
        .map((file) => ({ ...file, messageType: file.messageType.map(sortNested) }))
        .map((file) =>
          toJson(FileDescriptorSetSchema, { ...set, file: [file] }, { registry: createFileRegistry(set) }),
        )
        .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    expect(json(again)).toEqual(json(original));
  });
});
