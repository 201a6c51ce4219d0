import { clearField, clone } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { generate } from "../../codegen/plugin.ts";
import { compileProto, errorFrom, generateFrom } from "./support.ts";

/** A proto file with these lines from its line 2. */
function proto(...lines: string[]): string {
  return ['syntax = "proto3"; import "dev/restate/ext.proto";', ...lines].join("\n");
}

/** A service with a `service_type` of the Go SDK, and these lines from its line 3. */
function goService(type: string, ...lines: string[]): string {
  const imports = 'syntax = "proto3"; import "dev/restate/sdk/go.proto"; import "dev/restate/ext.proto";';
  const head = `service S { option (dev.restate.sdk.go.service_type) = ${type};`;
  return [imports, head, ...lines, "}", "message M {}"].join("\n");
}

/** A method with a `handler_type` of the Go SDK. */
function goMethod(name: string, type: string): string {
  return `  rpc ${name}(M) returns (M) { option (dev.restate.sdk.go.handler_type) = ${type}; }`;
}

/** A KEYED service with one method, and the message that the method takes, in one line each. */
function keyedProto(fields: string): string {
  return proto(
    "service Counter { option (dev.restate.ext.service_type) = KEYED; rpc Add(Request) returns (Request); }",
    `message Request { ${fields} }`,
  );
}

const key = "[(dev.restate.ext.field) = KEY]";

describe("refuses, with the place and the fix,", () => {
  it("streaming methods", async () => {
    const lines = proto(
      "service Watcher {",
      "  rpc Down(M) returns (stream M);",
      "  rpc Up(stream M) returns (M);",
      "  rpc Both(stream M) returns (stream M);",
      "}",
      "message M {}",
    );
    const fix = "make it unary, or leave out streaming methods with the plugin option streaming=skip";
    expect(await errorFrom({ "watcher.proto": lines })).toEqual([
      `watcher.proto:3:7: rpc Watcher.Down is a streaming method, and Restate does not support streaming; ${fix}`,
      `watcher.proto:4:7: rpc Watcher.Up is a streaming method, and Restate does not support streaming; ${fix}`,
      `watcher.proto:5:7: rpc Watcher.Both is a streaming method, and Restate does not support streaming; ${fix}`,
    ]);
  });

  it("a KEYED service's request without a KEY field", async () => {
    expect(await errorFrom({ "counter.proto": keyedProto("string name = 1;") })).toEqual([
      "counter.proto:2:70: rpc Counter.Add of a KEYED service takes Request, which has no KEY field; " +
        'mark the field that names the object, for example "string key = 1 [(dev.restate.ext.field) = KEY]"',
    ]);
  });

  it("google.protobuf.Empty as the request of a KEYED service", async () => {
    const lines = proto(
      "service Counter {",
      "  option (dev.restate.ext.service_type) = KEYED;",
      "  rpc Reset(google.protobuf.Empty) returns (google.protobuf.Empty);",
      "}",
      'import "google/protobuf/empty.proto";',
    );
    expect(await errorFrom({ "counter.proto": lines })).toEqual([
      "counter.proto:4:7: rpc Counter.Reset of a KEYED service takes google.protobuf.Empty, which has no KEY " +
        'field; use a message of your own with a field such as "string key = 1 [(dev.restate.ext.field) = KEY]"',
    ]);
  });

  it("a second KEY field", async () => {
    expect(
      await errorFrom({ "counter.proto": keyedProto(`string a = 1 ${key}; string b = 2 ${key};`) }),
    ).toEqual(["counter.proto:3:72: field Request.b is a second KEY next to a; keep one KEY in Request"]);
  });

  it.each([
    ["int64 id = 1", "int64 id = 1"],
    ["bytes id = 1", "bytes id = 1"],
    ["repeated string id = 1", "repeated string id = 1"],
    ["map<string, string> id = 1", "map<string, string> id = 1"],
    ["Request id = 1", "Request id = 1"],
  ])("a KEY field declared %s", async (field, declaration) => {
    const [line = "", ...others] = await errorFrom({ "counter.proto": keyedProto(`${field} ${key};`) });
    expect(others).toEqual([]);
    expect(line).toMatch(/^counter\.proto:3:\d+: /);
    expect(line.split(": ").slice(1).join(": ")).toBe(
      `field Request.id is a KEY but is declared "${declaration}"; make it a singular string`,
    );
  });

  it("a KEY field in a oneof", async () => {
    expect(await errorFrom({ "counter.proto": keyedProto(`oneof who { string id = 1 ${key}; }`) })).toEqual([
      "counter.proto:3:38: field Request.id is a KEY in oneof who, so it can be absent; move it out of the oneof",
    ]);
  });

  it.each(["dev.restate", "dev.restate.mine", "grpc", "grpc.health.v2"])(
    "a service in package %s",
    async (name) => {
      const [line] = await errorFrom({ "own.proto": proto("service Own {}", `package ${name};`) });
      const reserved = name.startsWith("grpc") ? "grpc" : "dev.restate";
      expect(line).toBe(
        `own.proto:2:9: service ${name}.Own is in the reserved package ${reserved}; move it to a package of your own`,
      );
    },
  );

  it("two methods with one name in TypeScript", async () => {
    const lines = proto(
      "service S {",
      "  rpc Get(M) returns (M);",
      "  rpc get(M) returns (M);",
      "}",
      "message M {}",
    );
    expect(await errorFrom({ "s.proto": lines })).toEqual([
      "s.proto:4:7: rpc S.get and rpc S.Get are both get in TypeScript; rename one of them",
    ]);
  });

  it("a service with the options of both conventions", async () => {
    const lines = goService("VIRTUAL_OBJECT", "  option (dev.restate.ext.service_type) = UNKEYED;");
    expect(await errorFrom({ "s.proto": lines })).toEqual([
      "s.proto:2:9: service S has both dev.restate.ext.service_type and dev.restate.sdk.go.service_type; " +
        "keep the option that your server reads",
    ]);
  });

  it.each(["EXCLUSIVE", "SHARED", "WORKFLOW_RUN"])("handler_type = %s in a SERVICE", async (type) => {
    expect(await errorFrom({ "s.proto": goService("SERVICE", goMethod("R", type)) })).toEqual([
      "s.proto:3:7: rpc S.R has a handler_type, but service S is neither a VIRTUAL_OBJECT nor a WORKFLOW; " +
        "remove it, or give the service a dev.restate.sdk.go.service_type",
    ]);
  });

  it("handler_type = WORKFLOW_RUN in a VIRTUAL_OBJECT", async () => {
    const lines = goService("VIRTUAL_OBJECT", goMethod("R", "WORKFLOW_RUN"));
    expect(await errorFrom({ "s.proto": lines })).toEqual([
      "s.proto:3:7: rpc S.R of a VIRTUAL_OBJECT is WORKFLOW_RUN; make it EXCLUSIVE or SHARED",
    ]);
  });

  it("handler_type = EXCLUSIVE in a WORKFLOW", async () => {
    const lines = goService("WORKFLOW", goMethod("R", "EXCLUSIVE"), goMethod("Run", "UNSET"));
    expect(await errorFrom({ "s.proto": lines })).toEqual([
      "s.proto:3:7: rpc S.R of a WORKFLOW is EXCLUSIVE; make it WORKFLOW_RUN or SHARED",
    ]);
  });

  it.each([
    ["that is called Run", goMethod("Status", "UNSET")],
    ["whose Run is not SHARED", goMethod("Run", "SHARED")],
  ])("a WORKFLOW without a method %s", async (_, method) => {
    expect(await errorFrom({ "s.proto": goService("WORKFLOW", method) })).toEqual([
      "s.proto:2:9: service S is a WORKFLOW and has no method to run; " +
        "name a method Run, or mark a method with handler_type = WORKFLOW_RUN",
    ]);
  });

  it("a WORKFLOW with two methods to run", async () => {
    const lines = goService("WORKFLOW", goMethod("Begin", "WORKFLOW_RUN"), goMethod("run", "UNSET"));
    expect(await errorFrom({ "s.proto": lines })).toEqual([
      "s.proto:4:7: rpc S.run is a second WORKFLOW_RUN next to rpc S.Begin; make one of them SHARED",
    ]);
  });

  it("everything at once, in the order of the files and lines", async () => {
    const a = proto(
      "service A {",
      "  option (dev.restate.ext.service_type) = KEYED;",
      "  rpc One(Bad) returns (Bad);",
      "  rpc Two(Bad) returns (stream Bad);",
      "  rpc Three(None) returns (None);",
      "}",
      `message Bad { int32 id = 1 ${key}; bool no = 2 ${key}; }`,
      "message None {}",
      "package a;",
    );
    const b = proto("service B { rpc Watch(M) returns (stream M); }", "message M {}", "package b;");
    const lines = await errorFrom({ "b.proto": b, "a.proto": a });
    expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "a.proto:5:7: rpc a.A.Two",
      "a.proto:6:7: rpc a.A.Three",
      "a.proto:8:21: field a.Bad.id",
      "a.proto:8:66: field a.Bad.no",
      "a.proto:8:66: field a.Bad.no",
      "b.proto:2:17: rpc b.B.Watch",
    ]);
  });

  it("what it refuses with the file alone, where the compiler left no positions", async () => {
    const lines = proto("service S { rpc R(M) returns (stream M); }", "message M {}");
    const request = clone(CodeGeneratorRequestSchema, await compileProto({ "s.proto": lines }));
    for (const file of request.protoFile) {
      clearField(file, FileDescriptorProtoSchema.field.sourceCodeInfo);
    }
    const { error } = await generate(request);
    expect(error.trim()).toMatch(/^s\.proto: rpc S\.R is a streaming method/);
  });

  it("a bad KEY in an imported file, with the place in that file", async () => {
    const imported = proto("package messages;", `message Request { bool id = 1 ${key}; }`);
    const service = proto(
      "service S { option (dev.restate.ext.service_type) = KEYED; rpc R(messages.Request) returns (messages.Request); }",
      'import "messages.proto";',
    );
    const [line] = await errorFrom({ "messages.proto": imported, "s.proto": service });
    expect(line).toMatch(/^messages\.proto:3:24: field messages\.Request\.id is a KEY/);
  });
});

describe("generates", () => {
  it.each([`string id = 1 ${key};`, `optional string id = 1 ${key}; int32 n = 2;`])(
    "a KEYED service whose request has %s",
    async (fields) => {
      const { "counter_restate.ts": ts } = await generateFrom(
        { "counter.proto": keyedProto(fields) },
        "target=ts",
      );
      expect(ts).toContain('Keyless<typeof RequestSchema, "id">');
    },
  );

  it("what has KEY fields of any kind in services that are not KEYED", async () => {
    const lines = proto("service S { rpc R(M) returns (M); }", `message M { repeated int32 id = 1 ${key}; }`);
    expect(await generateFrom({ "s.proto": lines }, "target=ts")).toHaveProperty("s_restate.ts");
  });

  it("nothing for gRPC health and reflection, without a word", async () => {
    const lines = proto(
      "service ServerReflection { rpc Info(stream M) returns (stream M); }",
      "message M {}",
      "package grpc.reflection.v1;",
    );
    expect(await generateFrom({ "reflection.proto": lines }, "target=ts")).toEqual({});
  });

  it("clients for what Restate has built in", async () => {
    const lines = proto(
      "service Ingress { rpc Invoke(M) returns (M); }",
      "message M {}",
      "package dev.restate;",
    );
    const files = await generateFrom({ "ingress.proto": lines }, "target=ts");
    expect(files["ingress_restate.ts"]).toContain("export function createIngressClient");
  });
});

describe("streaming=skip", () => {
  const lines = proto(
    "service Watcher {",
    "  rpc Watch(M) returns (stream M);",
    "  rpc Get(M) returns (M);",
    "}",
    "message M {}",
  );

  it("leaves streaming methods out, and says so in the module", async () => {
    const { "watcher_restate.ts": ts = "" } = await generateFrom(
      { "watcher.proto": lines },
      "target=ts,streaming=skip",
    );
    expect(ts).toContain(
      "// rpc Watcher.Watch is left out: it is a streaming method, and Restate does not support streaming.\n",
    );
    expect(ts.match(/^ {2}\w+\(/gm)).toEqual(["  get(", "  get(", "  get("]);
  });

  it("does not ask for a KEY in what it leaves out", async () => {
    const keyed = lines
      .replace("service Watcher {", "service Watcher { option (dev.restate.ext.service_type) = KEYED;")
      .replace("rpc Get(M)", "rpc Get(K)")
      .concat(`\nmessage K { string id = 1 ${key}; }`);
    const files = await generateFrom({ "watcher.proto": keyed }, "target=ts,streaming=skip");
    expect(files).toHaveProperty("watcher_restate.ts");
  });
});
