import { toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { credentials } from "@grpc/grpc-js";
import { GrpcTransport } from "@protobuf-ts/grpc-transport";
import { GrpcWebFetchTransport } from "@protobuf-ts/grpcweb-transport";
import { RpcError, type RpcTransport } from "@protobuf-ts/runtime-rpc";
import { describe } from "vitest";
import { GreetRequestSchema } from "../../../generated/org/example/greeter_pb.ts";
import { IngressClient } from "../generated/protobuf-ts/dev/restate/services.client.ts";
import { GreeterClient } from "../generated/protobuf-ts/org/example/greeter.client.ts";
import { checkGreeter } from "../support/check-greeter.ts";
import { statusDetail } from "../support/status-details.ts";

const transports: Readonly<Record<string, (url: string) => RpcTransport & { close?(): void }>> = {
  gRPC: (url) =>
    new GrpcTransport({ host: new URL(url).host, channelCredentials: credentials.createInsecure() }),
  "gRPC-web": (baseUrl) => new GrpcWebFetchTransport({ baseUrl, format: "binary" }),
  "gRPC-web text": (baseUrl) => new GrpcWebFetchTransport({ baseUrl, format: "text" }),
};

describe.each(Object.entries(transports))("protobuf-ts, %s", (_, createTransport) => {
  checkGreeter({
    async greet(url, { name, echo, timeoutMs }) {
      const transport = createTransport(url);
      const call = new GreeterClient(transport).greet(
        { name },
        { meta: { "x-echo": echo ?? "" }, ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) },
      );
      try {
        const { response, headers, trailers } = await call;
        return { greeting: response.greeting, echo: text(headers["x-echo"]), end: text(trailers["x-end"]) };
      } catch (reason) {
        if (!(reason instanceof RpcError)) {
          throw reason;
        }
        return {
          code: codeFromString(reason.code.toLowerCase()) ?? Code.Unknown,
          message: decodeURIComponent(reason.message.replace(/%(?![0-9A-F]{2})/g, "%25")),
          reason: text(reason.meta["x-reason"]),
          detail: statusDetail(text(reason.meta["grpc-status-details-bin"])),
        };
      } finally {
        transport.close?.();
      }
    },
    async send(url, name) {
      const transport = createTransport(url);
      const pb = toBinary(GreetRequestSchema, { $typeName: "org.example.GreetRequest", name });
      const { response } = await new IngressClient(transport).invoke({
        service: "org.example.Greeter",
        method: "Greet",
        argument: { oneofKind: "pb", pb },
      });
      transport.close?.();
      return response.id;
    },
  });
});

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.join();
}
