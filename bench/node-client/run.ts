// Typed unary calls from Node, side by side: node --conditions=@restate-connect/source bench/node-client/run.ts
// Our transports, Connect-ES's own, and bytes on node:http and node:http2, which is all that a client on them
// can reach. The server is the ingress in a process of its own, so that throughput says as much of the server:
// CPU time a call, in us and as a ratio to the raw client's of the same round, is the client's own.

import { mkdtempDisposableSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { createTransport } from "restate-connect/node";
import { Greeter, GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { encodeFrame } from "../../src/wire/grpc-frame.ts";
import { startCli } from "../../test/support/cli.ts";
import { closedLoop } from "../measure/closed-loop.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "1" },
    rounds: { type: "string", default: "5" },
    "in-flight": { type: "string", default: "32" },
  },
});
const [seconds, rounds, inFlight] = [values.seconds, values.rounds, values["in-flight"]].map(Number) as [
  number,
  number,
  number,
];

using data = mkdtempDisposableSync(join(tmpdir(), "clients-"));
await using server = startCli(
  ...["serve", "examples/services.ts", "--port", "0", "--admin-port", "0", "--data", data.path],
);
const [, baseUrl = ""] = await server.printed(/ingress\s+(http:\S+)/);
const request = { name: "Ada" };
const bytes = toBinary(GreetRequestSchema, create(GreetRequestSchema, request));
const frame = encodeFrame({ flags: 0, data: bytes });
const path = "/org.example.Greeter/Greet";

/** One protocol on one version of HTTP: how each client calls. */
interface Row {
  readonly name: string;
  readonly raw: () => Promise<unknown>;
  readonly ours: () => Promise<unknown>;
  readonly connectEs: () => Promise<unknown>;
}

const agent = new Agent({ keepAlive: true });
const session = connect(baseUrl);

const rows: readonly Row[] = [
  row("connect", "1.1", () => raw1("application/proto", bytes)),
  row("connect", "2", () => raw2("application/proto", bytes)),
  row("grpc", "2", () => raw2("application/grpc", frame)),
  row("grpc-web", "1.1", () => raw1("application/grpc-web+proto", frame)),
  row("grpc-web", "2", () => raw2("application/grpc-web+proto", frame)),
];
console.log(
  "| protocol | raw us | ours us | Connect-ES us | ours : raw | Connect-ES : raw | Connect-ES : ours |",
);
console.log("|---|---|---|---|---|---|---|");
for (const { name, raw, ours, connectEs } of rows) {
  const cpu: (readonly [number, number, number])[] = [];
  for (let round = 0; round < rounds; round++) {
    const micros = [];
    for (const call of [raw, ours, connectEs]) {
      micros.push((await closedLoop(inFlight, seconds, call)).cpuMicros);
    }
    cpu.push(micros as [number, number, number]);
  }
  const middle = (read: (of: readonly [number, number, number]) => number) =>
    cpu.map(read).toSorted((a, b) => a - b)[Math.floor(cpu.length / 2)] ?? Number.NaN;
  const micros = [0, 1, 2].map((n) => middle((of) => of[n] ?? Number.NaN).toFixed(0));
  const ratios = [middle(([r, o]) => o / r), middle(([r, , c]) => c / r), middle(([, o, c]) => c / o)];
  console.log(`| ${name} | ${[...micros, ...ratios.map((ratio) => ratio.toFixed(2))].join(" | ")} |`);
}
session.close();
agent.destroy();

function row(protocol: "connect" | "grpc" | "grpc-web", httpVersion: "1.1" | "2", raw: Row["raw"]): Row {
  const ours = createGreeterClient(
    createTransport({ baseUrl, protocol, httpVersion } as Parameters<typeof createTransport>[0]),
  );
  const theirs = createClient(Greeter, connectEs(protocol, httpVersion));
  return {
    name: `${protocol}, HTTP/${httpVersion}`,
    raw,
    ours: () => ours.greet(request),
    connectEs: () => theirs.greet(request),
  };
}

function connectEs(protocol: "connect" | "grpc" | "grpc-web", httpVersion: "1.1" | "2") {
  switch (protocol) {
    case "connect":
      return createConnectTransport({ baseUrl, httpVersion, useBinaryFormat: true });
    case "grpc":
      return createGrpcTransport({ baseUrl });
    case "grpc-web":
      return createGrpcWebTransport({ baseUrl, httpVersion });
  }
}

function raw1(contentType: string, body: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    httpRequest(
      baseUrl + path,
      { method: "POST", agent, headers: { "content-type": contentType } },
      (response) => {
        response.on("end", resolve).resume();
      },
    )
      .on("error", reject)
      .end(body);
  });
}

function raw2(contentType: string, body: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType });
    stream.on("error", reject).on("end", resolve).resume();
    stream.end(body);
  });
}
