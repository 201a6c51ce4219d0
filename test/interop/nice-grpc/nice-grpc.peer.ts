import { toBinary } from "@bufbuild/protobuf";
import { ClientError, createChannel, createClient, Metadata } from "nice-grpc";
import { describe } from "vitest";
import { GreetRequestSchema } from "../../../generated/org/example/greeter_pb.ts";
import { IngressDefinition } from "../generated/nice-grpc/dev/restate/services.ts";
import { GreeterDefinition } from "../generated/nice-grpc/org/example/greeter.ts";
import { checkGreeter } from "../support/check-greeter.ts";
import { statusDetail } from "../support/status-details.ts";

describe("nice-grpc", () => {
  checkGreeter({
    async greet(url, { name, echo, timeoutMs }) {
      const channel = createChannel(url);
      let header = new Metadata();
      let trailer = new Metadata();
      try {
        const response = await createClient(GreeterDefinition, channel).greet(
          { name },
          {
            metadata: Metadata(echo === undefined ? {} : { "x-echo": echo }),
            ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
            onHeader: (got) => {
              header = got;
            },
            onTrailer: (got) => {
              trailer = got;
            },
          },
        );
        return { greeting: response.greeting, echo: header.get("x-echo"), end: trailer.get("x-end") };
      } catch (reason) {
        if (reason instanceof Error && reason.name === "TimeoutError") {
          return { code: 4 };
        }
        if (!(reason instanceof ClientError)) {
          throw reason;
        }
        return {
          code: reason.code as number,
          message: reason.details,
          reason: trailer.get("x-reason"),
          detail: statusDetail(trailer.get("grpc-status-details-bin")),
        };
      } finally {
        channel.close();
      }
    },
    async send(url, name) {
      const channel = createChannel(url);
      const pb = toBinary(GreetRequestSchema, { $typeName: "org.example.GreetRequest", name });
      const client = createClient(IngressDefinition, channel);
      const { id } = await client.invoke({
        service: "org.example.Greeter",
        method: "Greet",
        pb: Buffer.from(pb),
      });
      channel.close();
      return id;
    },
  });
});
