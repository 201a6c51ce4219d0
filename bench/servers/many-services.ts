// The ingress with so many services, bench.Service0 and on, each like Greeter: many-services.ts DATA COUNT
import { create, createFileRegistry } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { embedded } from "restate-connect/engine";
import { createIngress, service } from "restate-connect/ingress";
import { file_org_example_greeter, type Greeter } from "../../generated/org/example/greeter_pb.ts";
import { announce } from "../measure/announce.ts";

const [path = "", count = "1"] = process.argv.slice(2);
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [file_org_example_greeter.proto, ...Array.from({ length: Number(count) }, (_, n) => protoFile(n))],
  }),
);
const services = Array.from({ length: Number(count) }, (_, n) => {
  // Its method and messages are those of Greeter.
  const descriptor = registry.getService(`bench.Service${n}`) as typeof Greeter;
  return service(descriptor, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });
});

const started = performance.now();
const ingress = createIngress({ services, engine: embedded({ path }) });
const { url } = await ingress.listen({ port: 0, adminPort: 0 });
announce({ url, startMs: performance.now() - started });

function protoFile(n: number): FileDescriptorProto {
  const method = {
    name: "Greet",
    inputType: ".org.example.GreetRequest",
    outputType: ".org.example.GreetResponse",
  };
  return create(FileDescriptorProtoSchema, {
    name: `bench/service${n}.proto`,
    package: "bench",
    syntax: "proto3",
    dependency: [file_org_example_greeter.proto.name],
    service: [{ name: `Service${n}`, method: [method] }],
  });
}
