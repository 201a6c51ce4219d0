import { request as http1Request } from "node:http";
import { connect as http2Connect } from "node:http2";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { http1, http2, raw, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const greet = "/org.example.Greeter/Greet";
const json = { "content-type": "application/json" };
const pete = '{"name":"Pete"}';
const head = (target: string, more = "") =>
  `POST ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n${more}content-length: ${pete.length}\r\n\r\n`;

describe("the request target", () => {
  it.each([
    `http://proxy.example${greet}`,
    `HTTPS://proxy.example:443${greet}?a=b`,
    "/%6frg.example.Greeter/%47reet",
    "/org%2Eexample.Greeter/Greet",
  ])("may be %s", async (target) => {
    expect(await raw(ingress.url, [head(target) + pete])).toContain("Hello Pete");
  });

  it.each(["/org.example.Greeter%2FGreet", "http://proxy.example", "*"])("may not be %s", async (target) => {
    expect(await raw(ingress.url, [head(target) + pete])).toMatch(/^HTTP\/1.1 400 [\s\S]* invalid/);
  });

  it("is the same over HTTP/2", async () => {
    const answer = await http2(`${ingress.url}/%6frg.example.Greeter/Greet`, { headers: json, body: pete });
    expect(answer.status).toBe(200);
  });
});

describe("Expect: 100-continue", () => {
  const expecting = "expect: 100-continue\r\n";

  it("asks for the body of a request that will be answered", async () => {
    const answer = await raw(ingress.url, [head(greet, expecting), pete]);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
  });

  it.each([
    ["an unknown path", head("/org.example.Nobody/Greet", expecting), 404],
    ["an unknown content type", head(greet, expecting).replace("/json", "/pdf"), 415],
    ["a body that is too large", head(greet, expecting).replace(/length: \d+/, "length: 33554433"), 429],
  ])("does not ask for that of %s, and closes the connection", async (_, request, status) => {
    const answer = await raw(ingress.url, [request.replace("connection: close\r\n", "")]);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  });

  it("is answered over HTTP/2", async () => {
    const session = http2Connect(ingress.url);
    const stream = session.request({ ":method": "POST", ":path": greet, ...json, expect: "100-continue" });
    await new Promise<void>((resolve) => stream.once("continue", resolve));
    stream.end(pete);
    const status = await new Promise((resolve) => stream.once("response", (got) => resolve(got[":status"])));
    expect(status).toBe(200);
    session.destroy();
  });
});

describe("Accept-Encoding", () => {
  const long = JSON.stringify({ name: "x".repeat(5_000) });
  const ask = (accepted: string) =>
    http1(ingress.url + greet, { headers: { ...json, "accept-encoding": accepted }, body: long });

  it.each([
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["deflate, br", "br"],
    ["br;q=1.0, gzip;q=0.5", "br"],
    ["br;q=0.2, gzip;q=0.8, *;q=0.1", "gzip"],
    ["*", "gzip"],
    ["gzip;q=0, *", "br"],
    ["identity, *;q=0", undefined],
    ["gzip;q=0, br;q=0.000", undefined],
    ["zstd", undefined],
    ["gzip;q=x", undefined],
  ])("%s is answered in %s", async (accepted, encoding) => {
    const { headers, body } = await ask(accepted);
    expect(headers["content-encoding"]).toBe(encoding);
    const plain =
      encoding === "gzip" ? gunzipSync(body) : encoding === "br" ? brotliDecompressSync(body) : body;
    expect(JSON.parse(plain.toString()).greeting).toHaveLength(5_006);
  });
});

describe("the admin port", () => {
  const ask = (host: string, send = overHttp1) => send(host);

  function overHttp1(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const request = http1Request(
        `${ingress.adminUrl}/services`,
        { headers: { host }, agent: false },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      request.on("error", reject).end();
    });
  }
  function overHttp2(host: string): Promise<number | undefined> {
    const session = http2Connect(ingress.adminUrl);
    const stream = session.request({ ":path": "/services", ":authority": host });
    stream.resume();
    return new Promise<number | undefined>((resolve) =>
      stream.once("response", (headers) => resolve(headers[":status"])),
    ).finally(() => session.destroy());
  }

  it.each([overHttp1, overHttp2])("answers to names of this machine only (%o)", async (send) => {
    for (const host of [
      "localhost",
      "LOCALHOST:9070",
      "admin.localhost:1",
      "127.0.0.1:9070",
      "127.8.8.8",
      "[::1]:9070",
    ]) {
      expect([host, await ask(host, send)]).toEqual([host, 200]);
    }
    for (const host of [
      "evil.example",
      "evil.example:9070",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "10.0.0.1",
      "[::2]",
    ]) {
      expect([host, await ask(host, send)]).toEqual([host, 403]);
    }
  });

  it("says why, and cancels nothing", async () => {
    const answer = await http1(`${ingress.adminUrl}/invocations/inv_1?mode=kill`, {
      method: "DELETE",
      headers: { host: "evil.example" },
    });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body.toString()).message).toContain(
      '"evil.example" is not one of its names: use localhost',
    );
  });

  it("answers to any name where it listens to others", async () => {
    const { createIngress } = await import("../../src/ingress/index.ts");
    const { temporaryEngine } = await import("./temporary-engine.ts");
    const open = createIngress({ services: [], engine: temporaryEngine() });
    const { adminUrl } = await open.listen({ port: 0, adminPort: 0, adminHost: "0.0.0.0" });
    const answer = await http1(`${adminUrl}/health`, { method: "GET", headers: { host: "admin.example" } });
    expect(answer.status).toBe(200);
    await open.close();
  });
});
