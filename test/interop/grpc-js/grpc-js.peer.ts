import { toBinary } from "@bufbuild/protobuf";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { GrpcReflection } from "grpc-js-reflection-client";
import { describe, expect } from "vitest";
import { GreetRequestSchema } from "../../../generated/org/example/greeter_pb.ts";
import { IngressClient } from "../generated/grpc-js/dev/restate/services.ts";
import { GreeterClient, type GreetRequest } from "../generated/grpc-js/org/example/greeter.ts";
import { checkGreeter, type Greet, type Greeted } from "../support/check-greeter.ts";
import { root } from "../support/run.ts";
import { statusDetail } from "../support/status-details.ts";

/** A unary method as grpc-js has it. */
type Method = (
  request: GreetRequest,
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  callback: (error: grpc.ServiceError | null, response?: { greeting: string }) => void,
) => grpc.ClientUnaryCall;

/** The package with the Greeter, as grpc-js has packages that are not generated. */
interface WithGreeter {
  readonly org: { readonly example: { readonly Greeter: grpc.ServiceClientConstructor } };
}

const insecure = grpc.credentials.createInsecure();
const host = (url: string) => new URL(url).host;

describe("grpc-js with stubs of ts-proto", () => {
  checkGreeter({
    greet(url, call) {
      const client = new GreeterClient(host(url), insecure);
      return greet(client.greet.bind(client) as Method, call).finally(() => client.close());
    },
    send(url, name) {
      const client = new IngressClient(host(url), insecure);
      const pb = Buffer.from(toBinary(GreetRequestSchema, { $typeName: "org.example.GreetRequest", name }));
      return new Promise<string>((resolve, reject) => {
        client.invoke({ service: "org.example.Greeter", method: "Greet", pb }, (error, response) =>
          error === null ? resolve(response.id) : reject(error),
        );
      }).finally(() => client.close());
    },
  });
});

describe("grpc-js with proto-loader", () => {
  const options = { includeDirs: [`${root}/proto`], keepCase: false };
  const { org } = grpc.loadPackageDefinition(
    loadSync("org/example/greeter.proto", options),
  ) as unknown as WithGreeter;
  checkGreeter({
    greet(url, call) {
      const client = new org.example.Greeter(host(url), insecure);
      return greet(client.Greet?.bind(client) as unknown as Method, call).finally(() => client.close());
    },
  });
});

describe("grpc-js with what reflection tells (grpc-js-reflection-client)", () => {
  // No one-way send: protobufjs names fields by json_name, and those of dev.restate.InvokeRequest then clash.
  checkGreeter({
    async greet(url, call) {
      const reflection = new GrpcReflection(host(url), insecure);
      expect(await reflection.listServices()).toEqual(
        expect.arrayContaining(["org.example.Greeter", "dev.restate.Ingress"]),
      );
      const descriptor = await reflection.getDescriptorBySymbol("org.example.Greeter");
      const { org } = descriptor.getPackageObject() as unknown as WithGreeter;
      const client = new org.example.Greeter(host(url), insecure);
      return greet(client.Greet?.bind(client) as unknown as Method, call).finally(() => client.close());
    },
  });
});

function greet(method: Method, { name, echo, timeoutMs }: Greet): Promise<Greeted> {
  const metadata = new grpc.Metadata();
  if (echo !== undefined) {
    metadata.set("x-echo", echo);
  }
  const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
  return new Promise((resolve) => {
    let headers = new grpc.Metadata();
    let answer: Greeted;
    const call = method({ name }, metadata, options, (error, response) => {
      answer =
        error === null
          ? { greeting: response?.greeting ?? "" }
          : {
              code: error.code as number,
              message: error.details,
              reason: String(error.metadata.get("x-reason")),
              detail: statusDetail(error.metadata.get("grpc-status-details-bin")[0]),
            };
    });
    call.on("metadata", (got) => {
      headers = got;
    });
    // The status comes last, with the trailers.
    call.on("status", ({ metadata: trailers }) =>
      resolve({ ...answer, echo: headers.get("x-echo").join(), end: trailers.get("x-end").join() }),
    );
  });
}
