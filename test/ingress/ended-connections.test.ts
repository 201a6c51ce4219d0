import { connect as http2Connect } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { service } from "../../src/ingress/index.ts";
import { certificate, issuer } from "../support/certificates.ts";
import { connectRaw, endHeaders, endStream, frame, frameType, grpcHeaders } from "./http2-frames.ts";
import { exampleServices } from "./services.ts";
import { startIngress } from "./support.ts";

const greet = "/org.example.Greeter/Greet";
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Resolves once the server has closed the connection. A server that keeps it fails the test by its time. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) =>
    socket
      .on("data", () => {})
      .on("error", () => {})
      .once("close", resolve),
  );
}

describe("an HTTP/2 connection that its client ends", () => {
  it("is closed at once when it is idle", async () => {
    await using ingress = await startIngress();
    const socket = await connectRaw(ingress.url);
    const end = closed(socket);
    socket.end();
    await end;
  });

  it("is closed at once before it has said which HTTP it speaks", async () => {
    await using ingress = await startIngress();
    const { hostname, port } = new URL(ingress.url);
    for (const first of [Buffer.of(), preface.subarray(0, 10)]) {
      const socket = createConnection({ host: hostname, port: Number(port) });
      const end = closed(socket);
      socket.end(first);
      await end;
    }
  });

  it("is closed at once over TLS", async () => {
    await using ingress = await startIngress({ tls: certificate("server") });
    const { hostname, port } = new URL(ingress.url);
    const socket = tlsConnect({ host: hostname, port: Number(port), ca: issuer, ALPNProtocols: ["h2"] });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    const end = closed(socket);
    socket.end(Buffer.concat([preface, frame(frameType.settings, 0, 0)]));
    await end;
  });

  it("aborts ctx.signal, and its requests end", async () => {
    let aborted: (reason: unknown) => void = () => {};
    const abort = new Promise((resolve) => {
      aborted = resolve;
    });
    await using ingress = await startIngress({ services: exampleServices((reason) => aborted(reason)) });
    const socket = await connectRaw(ingress.url);
    const end = closed(socket);
    socket.write(
      Buffer.concat([
        frame(frameType.headers, endHeaders, 1, grpcHeaders(greet)),
        frame(frameType.data, endStream, 1, Buffer.of(0, 0, 0, 0, 9, 10, 7, ...Buffer.from("forever"))),
      ]),
    );
    socket.end();
    await Promise.all([end, abort]);
  });
});

it("keeps nothing for the response time of requests that were reset over HTTP/2", async () => {
  let started = 0;
  let aborted = 0;
  const greeter = service(Greeter, {
    greet: (_, { signal }) => {
      started += 1;
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          aborted += 1;
          reject(signal.reason);
        });
      });
    },
  });
  await using ingress = await startIngress({ services: [greeter] });
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const session = http2Connect(ingress.url);
  const before = timers();
  const streams = Array.from({ length: 100 }, () => {
    const stream = session.request({ ":method": "POST", ":path": greet, "content-type": "application/json" });
    stream.on("error", () => {}).end("{}");
    return stream;
  });
  await expect.poll(() => started).toBe(100);
  for (const stream of streams) {
    stream.close(8);
  }
  await expect.poll(() => aborted).toBe(100);
  await expect.poll(timers).toBeLessThan(before + 50);
  session.destroy();
});
