import { createServer, connect as http2Connect } from "node:http2";
import type { AddressInfo } from "node:net";
import { create, createFileRegistry, fromBinary, getOption, hasOption, toBinary } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  SourceCodeInfoSchema,
} from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { file_dev_restate_ext, ServiceType, service_type } from "../../generated/dev/restate/ext_pb.ts";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../generated/grpc/health/v1/health_pb.ts";
import { ServerReflection as V1 } from "../../generated/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as V1Alpha } from "../../generated/grpc/reflection/v1alpha/reflection_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { health, reflection } from "../../src/reflection/index.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

describe.each([V1, V1Alpha])("$typeName", (version) => {
  /** One question, one answer. */
  async function ask(messageRequest: { case: string; value: unknown }) {
    const client = createClient(version as typeof V1, createGrpcTransport({ baseUrl: ingress.url }));
    const question = { host: "here", messageRequest } as never;
    for await (const answer of client.serverReflectionInfo(once(question))) {
      expect(answer.validHost).toBe("here");
      expect(answer.originalRequest?.messageRequest).toMatchObject({ case: messageRequest.case });
      return answer.messageResponse;
    }
    throw new Error("no answer");
  }
  async function* once<T>(item: T) {
    yield item;
  }
  async function filesFor(messageRequest: { case: string; value: unknown }): Promise<string[]> {
    const response = await ask(messageRequest);
    if (response.case !== "fileDescriptorResponse") {
      throw new Error(`not a file: ${response.case}`);
    }
    return response.value.fileDescriptorProto.map(
      (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
    );
  }
  const orders = [
    "org/example/orders.proto",
    "dev/restate/ext.proto",
    "google/protobuf/descriptor.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
    "google/protobuf/wrappers.proto",
  ];

  it("lists the users' services and those built in", async () => {
    const response = await ask({ case: "listServices", value: "" });
    expect(
      response.case === "listServicesResponse" && response.value.service.map(({ name }) => name),
    ).toEqual([
      "dev.restate.Awakeables",
      "dev.restate.Ingress",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "org.example.Counter",
      "org.example.Greeter",
      "org.example.Orders",
      "org.example.Till",
      "restateconnect.v1.Invocations",
    ]);
  });

  it.each([
    ["a service", "org.example.Till"],
    ["a method", "org.example.Orders.Place"],
    ["a message", "org.example.Order"],
    ["a nested message", "org.example.Order.Line"],
    ["a field", "org.example.Order.number"],
    ["a oneof", "org.example.Order.payment"],
    ["an enum", "org.example.Priority"],
    ["a value of an enum", "org.example.PRIORITY_HIGH"],
  ])("finds the file of %s and all that it imports", async (_, value) => {
    expect((await filesFor({ case: "fileContainingSymbol", value })).toSorted()).toEqual(orders.toSorted());
  });

  it("finds files by name, and the file of an extension", async () => {
    const [first] = await filesFor({ case: "fileByFilename", value: "dev/restate/services.proto" });
    expect(first).toBe("dev/restate/services.proto");
    const extension = { containingType: "google.protobuf.ServiceOptions", extensionNumber: 51234 };
    expect((await filesFor({ case: "fileContainingExtension", value: extension }))[0]).toBe(
      "dev/restate/ext.proto",
    );
    expect((await filesFor({ case: "fileContainingSymbol", value: "dev.restate.ext.service_type" }))[0]).toBe(
      "dev/restate/ext.proto",
    );
  });

  it("lists the extensions of a message", async () => {
    const of = async (value: string) => {
      const response = await ask({ case: "allExtensionNumbersOfType", value });
      return response.case === "allExtensionNumbersResponse"
        ? response.value.extensionNumber
        : response.value;
    };
    expect(await of("google.protobuf.FieldOptions")).toEqual([51234]);
    expect(await of("org.example.Order")).toEqual([]);
    expect(await of("org.example.Nothing")).toMatchObject({ errorCode: 5 });
  });

  it.each([
    { case: "fileByFilename", value: "no.proto" },
    { case: "fileContainingSymbol", value: "org.example.Nothing" },
    { case: "fileContainingExtension", value: { containingType: "org.example.Order", extensionNumber: 1 } },
  ])("answers $case with not found", async (question) => {
    expect(await ask(question)).toMatchObject({
      case: "errorResponse",
      value: { errorCode: Code.NotFound, errorMessage: expect.stringMatching(/ not found$/) },
    });
  });

  it("keeps the options for the key of a service", async () => {
    const response = await ask({ case: "fileContainingSymbol", value: "org.example.Counter" });
    if (response.case !== "fileDescriptorResponse") {
      throw new Error(response.case);
    }
    const protos = response.value.fileDescriptorProto.map((bytes) =>
      fromBinary(FileDescriptorProtoSchema, bytes),
    );
    const [proto] = protos;
    if (proto === undefined) {
      throw new Error("no file");
    }
    const find = (name: string) =>
      name === file_dev_restate_ext.proto.name ? file_dev_restate_ext : protos.find((p) => p.name === name);
    const counter = createFileRegistry(proto, find).getService("org.example.Counter");
    expect(counter && hasOption(counter, service_type) && getOption(counter, service_type)).toBe(
      ServiceType.KEYED,
    );
  });

  it("sends no file twice on a stream", async () => {
    const client = createClient(version as typeof V1, createGrpcTransport({ baseUrl: ingress.url }));
    async function* questions() {
      yield { messageRequest: { case: "fileByFilename", value: "org/example/counter.proto" } } as never;
      yield { messageRequest: { case: "fileByFilename", value: "org/example/orders.proto" } } as never;
    }
    const names: string[] = [];
    for await (const { messageResponse } of client.serverReflectionInfo(questions())) {
      if (messageResponse.case === "fileDescriptorResponse") {
        names.push(
          ...messageResponse.value.fileDescriptorProto.map(
            (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
          ),
        );
      }
    }
    expect(names).toContain("org/example/orders.proto");
    expect(new Set(names).size).toBe(names.length);
  });

  it("ends the stream for an empty question", async () => {
    await expect(ask({ case: undefined as never, value: undefined })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
  });
});

describe("health", () => {
  const client = () =>
    createClient(Health, createConnectTransport({ baseUrl: ingress.url, httpVersion: "2" }));

  it.each(["", "org.example.Greeter", "dev.restate.Ingress"])("%j is serving", async (service) => {
    expect((await client().check({ service })).status).toBe(Status.SERVING);
  });

  it("does not know other services", async () => {
    await expect(client().check({ service: "org.example.Nobody" })).rejects.toMatchObject({
      code: Code.NotFound,
    });
    for await (const { status } of client().watch({ service: "org.example.Nobody" })) {
      expect(status).toBe(Status.SERVICE_UNKNOWN);
      break;
    }
  });

  it("lists all services", async () => {
    const { statuses } = await client().list({});
    expect(Object.keys(statuses)).toContain("org.example.Counter");
  });

  it("can be asked by GET, without a query", async () => {
    const { status, body } = await http1(`${ingress.url}/grpc.health.v1.Health/Check`, { method: "GET" });
    expect(status).toBe(200);
    expect(body.toString()).toBe('{"status":"SERVING"}');
  });

  it("can be asked with curl", async () => {
    const headers = { "content-type": "application/json" };
    const { body } = await http1(`${ingress.url}/grpc.health.v1.Health/Check`, { headers, body: "{}" });
    expect(body.toString()).toBe('{"status":"SERVING"}');
  });
});

describe("streams over HTTP/1.1", () => {
  const enveloped = (json: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, 0, json.length]), Buffer.from(json)]);

  it("are answered where only the server streams", async () => {
    const watch = createClient(Health, createConnectTransport({ baseUrl: ingress.url, httpVersion: "1.1" }));
    for await (const { status } of watch.watch({})) {
      expect(status).toBe(Status.SERVING);
      break;
    }
  });

  it.each([
    "application/connect+json",
    "application/connect+proto",
    "application/grpc",
    "application/grpc-web+json",
  ])("get HTTP 505 and the reason where both sides stream, as %s", async (type) => {
    const answer = await http1(`${ingress.url}/${V1.typeName}/ServerReflectionInfo`, {
      headers: { "content-type": type },
      body: enveloped('{"listServices":""}'),
    });
    expect(answer.status).toBe(505);
    expect(answer.headers.connection).toBe("close");
    expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(answer.body.toString()).toContain(
      "grpc.reflection.v1.ServerReflection/ServerReflectionInfo streams in both directions, which needs HTTP/2",
    );
  });

  it.each([
    [`${V1.typeName}/ServerReflectionInfo`, "call it over HTTP/2, with one of"],
    [`${Health.typeName}/Watch`, "call it with one of"],
  ])("advise HTTP/2 only where it is needed: %s", async (path, advice) => {
    const headers = { "content-type": "application/json" };
    const { status, body } = await http1(`${ingress.url}/${path}`, { headers, body: "{}" });
    expect([status, body.toString()]).toEqual([415, expect.stringContaining(advice)]);
  });
});

describe("the comments of the .proto files", () => {
  // The path of the first service of a file is [6, 0] (google.protobuf.FileDescriptorProto.service).
  const sourceCodeInfo = create(SourceCodeInfoSchema, {
    location: [{ path: [6, 0], span: [0, 0, 0], leadingComments: " Greets.\n" }],
  });
  const fileDescriptorSet = toBinary(
    FileDescriptorSetSchema,
    create(FileDescriptorSetSchema, { file: [{ ...Greeter.file.proto, sourceCodeInfo }] }),
  );

  it("are shown to clients where the server has them", async () => {
    await using server = await startIngress({ fileDescriptorSet });
    const client = createClient(V1, createGrpcTransport({ baseUrl: server.url }));
    async function* question() {
      yield { messageRequest: { case: "fileContainingSymbol", value: Greeter.typeName } } as const;
    }
    for await (const { messageResponse } of client.serverReflectionInfo(question())) {
      if (messageResponse.case !== "fileDescriptorResponse") {
        throw new Error(`not a file: ${messageResponse.case}`);
      }
      const [file = new Uint8Array()] = messageResponse.value.fileDescriptorProto;
      const { location } = fromBinary(FileDescriptorProtoSchema, file).sourceCodeInfo ?? { location: [] };
      expect(location.map(({ leadingComments }) => leadingComments)).toEqual([" Greets.\n"]);
    }
  });

  it("are refused where they are not a FileDescriptorSet", () => {
    expect(() => reflection([Greeter], { fileDescriptorSet: Uint8Array.of(0xff) })).toThrow(
      "fileDescriptorSet is not a google.protobuf.FileDescriptorSet: write one with `buf build --output image.binpb`",
    );
  });
});

it("both serve on any Connect-ES server", async () => {
  const routes = (router: ConnectRouter) => {
    reflection([Greeter])(router);
    health([Greeter])(router);
  };
  const server = createServer(connectNodeAdapter({ routes }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  expect((await createClient(Health, transport).check({ service: "org.example.Greeter" })).status).toBe(
    Status.SERVING,
  );
  async function* question() {
    yield { messageRequest: { case: "listServices", value: "" } } as const;
  }
  for await (const { messageResponse } of createClient(V1, transport).serverReflectionInfo(question())) {
    expect(messageResponse).toMatchObject({ value: { service: [{}, {}, { name: "org.example.Greeter" }] } });
  }
  await new Promise((resolve) => server.close(resolve));
});

it("holds close() no longer than its answer takes, though the client keeps its side of the stream open", async () => {
  const server = await startIngress({ limits: { drainTimeoutMs: 60_000 } });
  const session = http2Connect(server.url);
  const stream = session.request({
    ":method": "POST",
    ":path": "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "content-type": "application/grpc",
  });
  const trailers = new Promise((resolve) => stream.once("trailers", resolve));
  const response = new Promise((resolve) => stream.once("response", resolve));
  stream.on("error", () => {}).resume();
  stream.write(Buffer.from([0, 0, 0, 0, 2, 0x3a, 0]));
  await response;
  const end = server.close(); // with the default time-out of the test, this is what fails
  expect(await trailers).toMatchObject({ "grpc-status": String(Code.Unavailable) });
  await end;
});
