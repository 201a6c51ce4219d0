import { createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { http2, raw, startIngress, type TestIngress } from "./support.ts";

// Byte by byte what HTTP clients of others do not send, or not when asked.
let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const greet = "/org.example.Greeter/Greet";
const json = "content-type: application/json";
const last = "connection: close";
const named = (name: string) => JSON.stringify({ name });
const head = (...lines: readonly string[]) =>
  [`POST ${greet} HTTP/1.1`, "host: x", ...lines, "", ""].join("\r\n");
const request = (body: string, ...lines: readonly string[]) =>
  head(json, `content-length: ${body.length}`, ...lines) + body;
/** The status of each answer on a connection, in their order. */
const statuses = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d+) [A-Z]/g)].map(([, status]) => Number(status));
const greetings = (received: string) =>
  [...received.matchAll(/"greeting":"Hello (\w*)"/g)].map(([, name]) => name);

describe("a chunked body", () => {
  const chunked = head(json, "transfer-encoding: chunked", last);

  it.each([
    ["one chunk", 'f\r\n{"name":"Pete"}\r\n0\r\n\r\n'],
    ["many chunks", `${[...named("Pete")].map((char) => `1\r\n${char}\r\n`).join("")}0\r\n\r\n`],
    ["sizes with zeros and in capitals", '000F\r\n{"name":"Pete"}\r\n000\r\n\r\n'],
    ["extensions and trailers", 'f;a=b\r\n{"name":"Pete"}\r\n0\r\nx-checksum: 1\r\n\r\n'],
  ])("may have %s", async (_, body) => {
    expect(greetings(await raw(ingress.url, [chunked + body]))).toEqual(["Pete"]);
  });

  it("may arrive byte by byte", async () => {
    const bytes = `${chunked}f\r\n${named("Pete")}\r\n0\r\n\r\n`;
    expect(greetings(await raw(ingress.url, [...bytes]))).toEqual(["Pete"]);
  });

  it.each([
    ["no size", "zz\r\n{}\r\n0\r\n\r\n"],
    ["a size below zero", "-2\r\n{}\r\n0\r\n\r\n"],
    ["a size beyond all numbers", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"],
    ["a chunk longer than its size", "2\r\n{}}\r\n0\r\n\r\n"],
  ])("may not have %s", async (_, body) => {
    expect(statuses(await raw(ingress.url, [chunked + body]))).toEqual([400]);
  });

  it("may not be larger than a message may be", async () => {
    await using small = await startIngress({ limits: { maxMessageBytes: 1_000 } });
    const chunk = `ffff\r\n${" ".repeat(65_535)}\r\n`;
    expect(statuses(await raw(small.url, [chunked + chunk.repeat(5)]))).toEqual([429]);
  });
});

describe("a body whose end is doubtful", () => {
  // Who reads two requests where a proxy has seen one serves the wrong caller.
  const smuggled = request(named("smuggled"), last);

  it.each([
    [
      "is chunked and has a length",
      `${head(json, "transfer-encoding: chunked", "content-length: 5")}0\r\n\r\n`,
    ],
    [
      "has a length and is chunked",
      `${head(json, "content-length: 5", "transfer-encoding: chunked")}0\r\n\r\n`,
    ],
    ["has two lengths", `${head(json, "content-length: 2", "content-length: 3")}{}`],
    ["has a list of lengths", `${head(json, "content-length: 2, 2")}{}`],
    ["has a length below zero", `${head(json, "content-length: -2")}{}`],
    ["has a length with a sign", `${head(json, "content-length: +2")}{}`],
    ["is chunked twice", `${head(json, "transfer-encoding: chunked, chunked")}0\r\n\r\n`],
    ["is in an encoding that ends nowhere", `${head(json, "transfer-encoding: identity")}{}`],
    ["has a name with a space behind it", `${head(json, "content-length : 2")}{}`],
    ["has a folded header", `${head(json, "x-a: b\r\n c", "content-length: 2")}{}`],
    ["has line feeds alone", request("{}").replaceAll("\r\n", "\n")],
    ["has a zero byte in a header", request("{}", "x-a: b\0c")],
  ])("is refused where it %s, and nothing behind it is read", async (_, doubtful) => {
    const received = await raw(ingress.url, [doubtful + smuggled]);
    expect([statuses(received), greetings(received)]).toEqual([[400], []]);
  });

  it("is empty without a length and an encoding", async () => {
    const received = await raw(ingress.url, [head(json) + request(named("Pete"), last)]);
    expect([statuses(received), greetings(received)]).toEqual([[400, 200], ["Pete"]]);
  });
});

describe("pipelining", () => {
  const names = Array.from({ length: 50 }, (_, i) => `p${i}`);
  const all = names.map((name, i) => request(named(name), ...(i === 49 ? [last] : []))).join("");

  it.each([
    ["at once", [all]],
    ["cut anywhere", all.match(/[\s\S]{1,97}/g) ?? []],
  ])("is answered in order, sent %s", async (_, pieces) => {
    expect(greetings(await raw(ingress.url, pieces))).toEqual(names);
  });

  it("goes on behind what is refused, whose bodies are read away", async () => {
    const refused = [
      request("{"),
      request("hello").replace("/json", "/pdf"),
      request("hello").replace("POST", "PUT"),
      request("hello").replace(greet, "/org.example.Nobody/Greet"),
      request("hello").replace(greet, "/nowhere"),
    ];
    const received = await raw(ingress.url, [refused.join("") + request(named("Pete"), last)]);
    expect([statuses(received), greetings(received)]).toEqual([[400, 415, 405, 404, 400, 200], ["Pete"]]);
  });

  // An error that nobody hears would end the process: here it fails the run.
  it("may be reset during the second request", async () => {
    const { hostname, port } = new URL(ingress.url);
    const leave = () =>
      new Promise((resolve) => {
        const socket = createConnection({ host: hostname, port: Number(port) });
        socket.once("close", resolve);
        const half = head(json, "content-length: 100000") + "x".repeat(1_000);
        socket.write(request("{") + half, () => socket.resetAndDestroy());
      });
    await Promise.all(Array.from({ length: 20 }, leave));
    expect(greetings(await raw(ingress.url, [request(named("Pete"), last)]))).toEqual(["Pete"]);
  });
});

describe("other versions", () => {
  const old = (body: string, ...lines: readonly string[]) =>
    request(body, ...lines).replace("HTTP/1.1", "HTTP/1.0");

  it("answers HTTP/1.0, and closes the connection", async () => {
    const received = await raw(ingress.url, [old(named("Pete"))]);
    expect(greetings(received)).toEqual(["Pete"]);
    expect(received).toMatch(/content-length: \d+/i);
    expect(received).not.toMatch(/transfer-encoding/i);
  });

  it.each(["HTTP/1.2", "HTTP/3.0", "HTTP/x"])("refuses %s", async (version) => {
    expect(statuses(await raw(ingress.url, [request("{}").replace("HTTP/1.1", version)]))).toEqual([400]);
  });

  it("goes on in HTTP/1.1 where a client would upgrade to HTTP/2", async () => {
    const upgrade = [
      "connection: close, upgrade, http2-settings",
      "upgrade: h2c",
      "http2-settings: AAMAAABk",
    ];
    expect(greetings(await raw(ingress.url, [request(named("Pete"), ...upgrade)]))).toEqual(["Pete"]);
  });
});

describe("methods and hosts", () => {
  it.each(["PUT", "PATCH", "DELETE", "HEAD", "TRACE", "PROPFIND"])("%s gets 405", async (method) => {
    const received = await raw(ingress.url, [request("", last).replace("POST", method)]);
    expect(statuses(received)).toEqual([405]);
    expect(received).toMatch(/^allow: POST\r$/m);
  });

  it("tunnels nowhere", async () => {
    expect(await raw(ingress.url, ["CONNECT example.com:80 HTTP/1.1\r\nhost: example.com:80\r\n\r\n"])).toBe(
      "",
    );
  });

  it.each(["BREW", "POST/"])("%s gets 400", async (method) => {
    expect(statuses(await raw(ingress.url, [request("{}", last).replace("POST", method)]))).toEqual([400]);
  });

  it("wants one host, and nothing behind two of them is read", async () => {
    const two = request("{}", "host: y") + request(named("smuggled"), last);
    const received = await raw(ingress.url, [two]);
    expect([statuses(received), greetings(received)]).toEqual([[400], []]);
    const both = await http2(`${ingress.url}${greet}`, {
      headers: { ":authority": "x", host: "y" },
      body: "{}",
    });
    expect(both.status).toBe(400);
  });

  it("wants a host", async () => {
    expect(statuses(await raw(ingress.url, [request("{}").replace("host: x\r\n", "")]))).toEqual([400]);
  });
});

describe("content types", () => {
  it.each([
    ["application/json;charset=utf-8", 200],
    ['application/json; charset="UTF-8"', 200],
    ["Application/JSON ; CHARSET=utf8", 200],
    ["application/json;", 200],
    ["application/json; charset=latin1", 415],
    ["application/json, text/plain", 415],
    ["application/connect+json", 415],
    ["json", 415],
    ["", 415],
  ])("%s gets %d", async (type, status) => {
    const received = await raw(ingress.url, [request("{}", last).replace("application/json", type)]);
    expect(statuses(received)).toEqual([status]);
  });

  it("is missing: 415", async () => {
    expect(statuses(await raw(ingress.url, [request("{}", last).replace(`${json}\r\n`, "")]))).toEqual([415]);
  });

  it("application/grpc is answered, with trailers, as HTTP/1.1 has them too", async () => {
    const grpc = request("\0\0\0\0\0", last, "te: trailers").replace("/json", "/grpc");
    const received = await raw(ingress.url, [grpc]);
    expect(received).toMatch(/transfer-encoding: chunked\r\n[\s\S]*\r\n0\r\n[\s\S]*grpc-status: 0\r\n/i);
  });

  it.each(["\0", "\0\0\0\0", "\0\0\0\0\x05a", "\0\xff\xff\xff\xffa"])(
    "application/grpc with a cut frame (%j) gets an error",
    async (body) => {
      const grpc = Buffer.from(request(body, last).replace("/json", "/grpc"), "latin1");
      expect(await raw(ingress.url, [grpc])).toMatch(/grpc-status: (3|8|13)\r\n/);
    },
  );
});

describe("a caller that says that it sends no more", () => {
  it("gets its answer", async () => {
    expect(greetings(await raw(ingress.url, [request(named("Pete"))], { end: true }))).toEqual(["Pete"]);
  });

  it("too early gets 400", async () => {
    const cut = head(json, "content-length: 20") + named("Pete");
    expect(statuses(await raw(ingress.url, [cut], { end: true }))).toEqual([400]);
  });
});
