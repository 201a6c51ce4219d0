import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import type { Server } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { openRawHttp1, type RawHttp } from "../../bench/load/raw-http1.ts";
import { openRawHttp2 } from "../../bench/load/raw-http2.ts";
import { listen } from "../../bench/servers/listen.ts";

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

/** Answers with as many bytes as the request has. */
async function start(httpVersion: "1.1" | "2", status = 200): Promise<string> {
  const server =
    httpVersion === "1.1"
      ? createHttp1(async (request, response) => {
          const body = await buffer(request);
          response.writeHead(status, request.headers["x-chunked"] ? {} : { "content-length": body.length });
          response.write(body);
          response.end();
        })
      : createHttp2().on("stream", async (stream) => {
          const body = await buffer(stream);
          stream.respond({ ":status": status, "content-type": "application/proto" });
          stream.end(body);
        });
  const url = await listen(server as Server);
  stops.push(() => server.close());
  return url;
}

function open(httpVersion: "1.1" | "2", url: string, body: Uint8Array, headers = {}): RawHttp {
  const http = httpVersion === "1.1" ? openRawHttp1(url, headers, body) : openRawHttp2(url, headers, body, 2);
  stops.push(http.close);
  return http;
}

describe.each(["1.1", "2"] as const)("the bench's own load generator, HTTP/%s", (httpVersion) => {
  it.each([1, 20_000, 1_000_000])("sends and counts bodies of %i bytes", async (size) => {
    const http = open(httpVersion, `${await start(httpVersion)}/path`, Buffer.alloc(size, "x"));
    const counts = await Promise.all(Array.from({ length: 20 }, () => http.request()));
    expect(counts).toEqual(Array.from({ length: 20 }, () => size));
    expect(await http.request()).toBe(size);
  });

  it("rejects an answer that is not a success", async () => {
    const http = open(httpVersion, await start(httpVersion, 500), Buffer.from("x"));
    await expect(http.request()).rejects.toThrow(/the server answered/);
  });

  it("rejects when the server has gone", async () => {
    const server = createHttp1();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(open(httpVersion, url, Buffer.from("x")).request()).rejects.toThrow(/ECONNREFUSED/);
  });
});

it("counts a body that comes in chunks", async () => {
  const http = open("1.1", await start("1.1"), Buffer.alloc(100_000, "x"), { "x-chunked": "1" });
  expect(await http.request()).toBe(100_000);
});
