import { rm } from "node:fs/promises";
import { Code } from "@connectrpc/connect";
import type { Page } from "playwright-core";
import { embedded } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeInChromium } from "../support/chromium.ts";
import { type HttpServer, httpServer } from "../support/http-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { To } from "./app/app.ts";
import { type Bundle, bundlePage } from "./bundle.ts";
import { abandoned, services } from "./services.ts";
import { site } from "./site.ts";

const ways = [
  { protocol: "connect", format: "binary" },
  { protocol: "connect", format: "json" },
  { protocol: "grpc-web", format: "binary" },
  { protocol: "grpc-web", format: "json" },
] as const;

let bundle: Bundle;
let pages: HttpServer;
let data: string;
let ingress: Ingress;
let baseUrl: string;

beforeAll(async () => {
  bundle = await bundlePage("app");
  pages = await site(bundle.files);
  data = temporaryFolder("browser");
  const origin = originOf("allowed.example");
  ingress = createIngress({ services, engine: embedded({ path: data }), cors: { origins: [origin] } });
  ({ url: baseUrl } = await ingress.listen({ port: 0, adminPort: 0 }));
});

afterAll(async () => {
  await ingress.close();
  await pages[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
});

/** The page's server under another name: the browser of the tests finds *.example on this machine. */
function originOf(host: string): string {
  return pages.url.replace("127.0.0.1", host);
}

describe("the page's bundle", () => {
  it("has no Node module in it", () => {
    expect(bundle.modules.some((id) => id.endsWith("src/transport/web.ts"))).toBe(true);
    expect(bundle.modules.filter((id) => /node:|__vite-browser-external|connect-node/.test(id))).toEqual([]);
    expect([...bundle.files.values()].join("\n")).not.toMatch(/\bBuffer\b|\bprocess\.|node:/);
  });
});

await describeInChromium("a page of another origin than the ingress", (browser) => {
  let page: Page;

  beforeAll(async () => {
    page = await open(pages.url);
  });

  async function open(origin: string): Promise<Page> {
    const opened = await browser.newPage();
    await opened.goto(origin);
    await opened.waitForFunction(() => globalThis.app !== undefined);
    return opened;
  }

  function greetFrom(from: Page, to: To): Promise<string> {
    return from.evaluate((to) => app.greet(to, { name: "Pete" }), to);
  }

  describe.each(ways)("over $protocol, $format", (way) => {
    const to = (): To => ({ baseUrl, ...way });

    it("calls", async () => {
      expect(await greetFrom(page, to())).toBe("Hello Pete");
    });

    it("calls an object by key, with integers beyond a double", async () => {
      const key = `${way.protocol} ${way.format}`;
      const add = (value: string): Promise<string> =>
        page.evaluate(({ to, key, value }) => app.add(to, key, value), { to: to(), key, value });
      expect(await add("9007199254740993")).toBe("9007199254740993");
      expect(await add("2")).toBe("9007199254740995");
    });

    it("sends headers of its own", async () => {
      const headers = { "x-title": "Dr." };
      const greeting = page.evaluate(({ to, headers }) => app.greet(to, { name: "Pete", headers }), {
        to: to(),
        headers,
      });
      expect(await greeting).toBe("Hello Dr.Pete");
    });

    it("gives up at its deadline, and the handler is told", async () => {
      const name = `late, over ${way.protocol} ${way.format}`;
      const failure = await page.evaluate(({ to, name }) => app.failure(to, { name, timeoutMs: 300 }), {
        to: to(),
        name,
      });
      expect(failure.code).toBe(Code.DeadlineExceeded);
      await expect.poll(() => abandoned).toContain(name);
    });

    it("reads an error with its details and metadata", async () => {
      expect(await page.evaluate((to) => app.failure(to, { name: "nobody" }), to())).toEqual({
        code: Code.InvalidArgument,
        message: "who is it? – nobody",
        details: [`größe ${2n ** 62n}`],
        hint: "knock",
        source: "invocation",
      });
    });

    it("sends one way and attaches to the result", async () => {
      const { id, greeting } = await page.evaluate((to) => app.sendAndAttach(to, "Paula"), to());
      expect(id).toMatch(/^inv_/);
      expect(greeting).toBe("Hello Paula");
    });

    it("reads the invocation's id and until when a call is replayed", async () => {
      const call = (): Promise<Record<string, string>> =>
        page.evaluate(({ to, key }) => app.metadata(to, key), {
          to: to(),
          key: `${way.protocol} ${way.format}`,
        });
      const first = await call();
      expect(first["x-restate-id"]).toMatch(/^inv_/);
      expect(Date.parse(first["idempotency-expires"] ?? "")).toBeGreaterThan(Date.now());
      expect((await call())["x-restate-id"]).toBe(first["x-restate-id"]);
    });
  });

  it("calls by GET, which a browser can cache, where the method has no side effects", async () => {
    const sent = page.waitForRequest(/Orders\/Find/);
    expect(await page.evaluate((to) => app.find(to, "7"), { baseUrl, useHttpGet: true })).toBe("7");
    expect((await sent).method()).toBe("GET");
  });

  it("calls from an origin that the ingress lists", async () => {
    const listed = await open(originOf("allowed.example"));
    for (const way of ways) {
      expect(await greetFrom(listed, { baseUrl, ...way })).toBe("Hello Pete");
    }
  });

  it("retries from a page without https, where the browser makes no UUIDs", async () => {
    const listed = await open(originOf("allowed.example"));
    expect(await listed.evaluate(() => globalThis.isSecureContext)).toBe(false);
    expect(await greetFrom(listed, { baseUrl, retry: true })).toBe("Hello Pete");
  });

  it("is told of a redirect, which no call follows, and of another API's JSON", async () => {
    await using other = await httpServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "*");
      if (request.method === "OPTIONS") {
        response.writeHead(204).end();
      } else if (request.url?.startsWith("/moved/")) {
        response.writeHead(308, { location: "https://elsewhere.example/" }).end();
      } else {
        response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not here"}');
      }
    });
    for (const way of [...ways, { protocol: "restate", format: "binary" } as const]) {
      const failure = (path: string) =>
        page.evaluate((to) => app.failure(to, { name: "nobody" }), { baseUrl: other.url + path, ...way });
      const moved = await failure("/moved");
      expect(moved.message).toContain(
        `${other.url}/moved/org.example.Greeter/Greet answered HTTP 3xx: that is a redirect, and calls follow none`,
      );
      const missing = await failure("/api");
      expect(missing.message).toContain(
        `${other.url}/api/org.example.Greeter/Greet answered HTTP 404 with application/json ({"error":"not here"}): nothing is served`,
      );
    }
  });

  it("is told what to look at when the ingress does not list its origin", async () => {
    const stranger = await open(originOf("stranger.example"));
    for (const way of ways) {
      const { code, message } = await stranger.evaluate((to) => app.failure(to, { name: "nobody" }), {
        baseUrl,
        ...way,
      });
      expect(code).toBe(Code.Unavailable);
      expect(message).toContain(baseUrl);
      expect(message).toContain("allow this page's origin (CORS)");
    }
  });
});
