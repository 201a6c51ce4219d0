import { describe } from "vitest";
import { checkGreeter, type Greeted } from "../support/check-greeter.ts";
import { describeWith } from "../support/describe-with.ts";
import { goPrograms } from "../support/go.ts";
import { build } from "../support/run.ts";

const ways = [
  ["connect-go, Connect over HTTP/2", "-by=connect"],
  ["connect-go, Connect over HTTP/1.1", "-by=connect", "-http1"],
  ["connect-go, Connect and JSON", "-by=connect-json"],
  ["connect-go, Connect and gzip", "-by=connect-gzip"],
  ["connect-go, gRPC", "-by=grpc"],
  ["connect-go, gRPC-web over HTTP/2", "-by=grpc-web"],
  ["connect-go, gRPC-web over HTTP/1.1", "-by=grpc-web", "-http1"],
  ["grpc-go", "-by=grpc-go"],
];

await describeWith("Go clients", goPrograms, ({ client }) => {
  describe.each(ways)("%s", (_, ...way) => {
    const call = async (...args: string[]) => JSON.parse(await build(client, [...way, ...args])) as unknown;
    checkGreeter({
      async greet(url, { name, echo = "", timeoutMs = 60_000 }) {
        const options = [`-url=${url}`, `-name=${name}`, `-echo=${echo}`, `-timeout=${timeoutMs}ms`];
        return (await call(...options)) as Greeted;
      },
      async send(url, name) {
        return ((await call("-send", `-url=${url}`, `-name=${name}`)) as { id: string }).id;
      },
    });
  });
});
