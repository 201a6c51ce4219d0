import { connect as http2Connect } from "node:http2";
import { createConnection } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter, GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { createIngress, service } from "../../src/ingress/index.ts";
import { http1, http2, raw, startIngress } from "./support.ts";
import { temporaryEngine } from "./temporary-engine.ts";

const body = '{"name":"Pete"}';
const requestHead = `POST /org.example.Greeter/Greet HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;

/** A Greeter whose answers wait until they are let go. */
function gatedGreeter() {
  const gate = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const greeter = service(Greeter, {
    async greet({ name }) {
      started.resolve();
      await gate.promise;
      return { greeting: `Hello ${name}` };
    },
  });
  return { greeter, started: started.promise, open: gate.resolve };
}

describe("one port", () => {
  it("takes HTTP/1.1 that arrives byte by byte", async () => {
    await using ingress = await startIngress();
    const answer = await raw(
      ingress.url,
      [...(requestHead + body)].slice(0, 40).concat((requestHead + body).slice(40)),
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toContain('{"greeting":"Hello Pete"}');
  });

  it("takes an HTTP/2 preface that arrives byte by byte", async () => {
    await using ingress = await startIngress();
    const { hostname, port } = new URL(ingress.url);
    const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
    const first = new Promise<Buffer>((resolve) => socket.once("data", resolve));
    for (const char of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") {
      socket.write(char);
      await new Promise((turn) => setTimeout(turn, 2));
    }
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    // The server's own preface: a SETTINGS frame.
    expect((await first)[3]).toBe(4);
    socket.destroy();
  });

  it("keeps HTTP/1.1 connections for further requests", async () => {
    await using ingress = await startIngress();
    const keepAlive = requestHead.replace("connection: close\r\n", "") + body;
    const answer = await raw(ingress.url, [keepAlive + keepAlive, requestHead + body]);
    expect(answer.match(/Hello Pete/g)).toHaveLength(3);
  });

  it("answers bytes that are not HTTP with 400", async () => {
    await using ingress = await startIngress();
    expect(await raw(ingress.url, ["PRIVET\r\n\r\n"])).toMatch(/^HTTP\/1.1 400 /);
  });

  it("names the port that is in use, closes all and keeps Node's code", async () => {
    await using first = await startIngress();
    const port = Number(new URL(first.url).port);
    const second = createIngress({ services: [], engine: temporaryEngine() });
    const failure = await second.listen({ port: 0, adminPort: port }).catch((reason: unknown) => reason);
    expect(failure).toMatchObject({
      code: "EADDRINUSE",
      message: `cannot listen on 127.0.0.1:${port}: it is in use: stop what uses it, or choose another port (0 takes any free one)`,
    });
  });

  it("gives a URL that can be used when it listens on all addresses", async () => {
    const ingress = createIngress({ services: [], engine: temporaryEngine() });
    const { url } = await ingress.listen({ port: 0, adminPort: 0, host: "0.0.0.0" });
    expect(
      (
        await fetch(`${url}/grpc.health.v1.Health/Check`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{}",
        })
      ).status,
    ).toBe(200);
    await ingress.close();
  });
});

describe("close", () => {
  it.each(["1.1", "2"] as const)(
    "finishes requests in flight and takes no more (HTTP/%s)",
    async (httpVersion) => {
      const { greeter, started, open } = gatedGreeter();
      const ingress = await startIngress({ services: [greeter] });
      const transport = createConnectTransport({ baseUrl: ingress.url, httpVersion });
      const call = createClient(Greeter, transport).greet({ name: "Pete" });
      await started;
      const closed = ingress.close();
      await expect
        .poll(() =>
          http1(ingress.url, { method: "GET" }).then(
            () => "open",
            () => "refused",
          ),
        )
        .toBe("refused");
      open();
      expect((await call).greeting).toBe("Hello Pete");
      await closed;
    },
  );

  it("tells HTTP/1.1 clients that the connection closes", async () => {
    const { greeter, started, open } = gatedGreeter();
    const ingress = await startIngress({ services: [greeter] });
    const answer = raw(ingress.url, [requestHead.replace("connection: close\r\n", "") + body]);
    await started;
    const closed = ingress.close();
    open();
    expect(await answer).toMatch(/\r\nconnection: close\r\n/i);
    await closed;
  });

  it("says GOAWAY to idle HTTP/2 clients", async () => {
    const ingress = await startIngress();
    const session = http2Connect(ingress.url);
    const goaway = new Promise((resolve) => session.once("goaway", resolve));
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    await ingress.close();
    expect(await goaway).toBe(0);
  });

  it("ends the streams of Health/Watch with unavailable", async () => {
    const ingress = await startIngress();
    const { Health } = await import("../../generated/grpc/health/v1/health_pb.ts");
    const watch = createClient(Health, createGrpcTransport({ baseUrl: ingress.url })).watch({});
    const seen: number[] = [];
    const ended = (async () => {
      for await (const { status } of watch) {
        seen.push(status);
      }
    })();
    const failure = expect(ended).rejects.toMatchObject({ code: Code.Unavailable });
    await expect.poll(() => seen).toEqual([1]);
    await ingress.close();
    await failure;
  });

  it("does not wait for connections that never sent anything, nor for ever for requests", async () => {
    const { greeter, started } = gatedGreeter();
    const ingress = await startIngress({ services: [greeter], limits: { drainTimeoutMs: 100 } });
    const { hostname, port } = new URL(ingress.url);
    const silent = createConnection({ host: hostname, port: Number(port) });
    const silentEnd = new Promise((resolve) => silent.once("close", resolve));
    const call = http2(`${ingress.url}/org.example.Greeter/Greet`, {
      headers: { "content-type": "application/json" },
      body,
    });
    const cut = expect(call).rejects.toThrow();
    await started;
    await ingress.close();
    await silentEnd;
    await cut;
  });

  it("can be asked twice", async () => {
    const ingress = await startIngress();
    await Promise.all([ingress.close(), ingress.close()]);
  });
});

describe("createIngress", () => {
  it("refuses two services of one name", () => {
    const { greeter } = gatedGreeter();
    expect(() => createIngress({ services: [greeter, greeter], engine: temporaryEngine() })).toThrow(
      "service org.example.Greeter is given twice",
    );
  });

  it("refuses a KEYED service whose requests have no key", () => {
    const methods = [{ ...Counter.method.add, input: GreetRequestSchema }];
    const keyless = { desc: { ...Counter, methods }, handlers: {} };
    expect(() => createIngress({ services: [keyless], engine: temporaryEngine() })).toThrow(
      "org.example.GreetRequest is the request of a KEYED service and has no KEY field of type string",
    );
  });

  it("refuses reserved names", async () => {
    const { Health } = await import("../../generated/grpc/health/v1/health_pb.ts");
    const reserved = { desc: Health, handlers: {} };
    expect(() => createIngress({ services: [reserved], engine: temporaryEngine() })).toThrow("reserved name");
  });
});
