// Generated JSON clients in a page: what they weigh, and what they do.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { embedded } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abandoned, services } from "../browser/services.ts";
import { site } from "../browser/site.ts";
import { describeInChromium } from "../support/chromium.ts";
import type { HttpServer } from "../support/http-server.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Bundled {
  readonly text: string;
  readonly modules: readonly string[];
}

async function bundle(entry: string): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["@restate-connect/source"],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  return { text: outputFiles[0]?.text ?? "", modules: Object.keys(metafile.inputs) };
}

function gzipped(text: string): number {
  return gzipSync(text, { level: 9 }).byteLength;
}

describe("the bundle of a page that calls one service", () => {
  it("has no Protobuf in it, and is as small as docs/generator.md says", async () => {
    const { text, modules } = await bundle("page.ts");
    const typed = await bundle("typed-page.ts");
    expect(modules.filter((path) => path.includes("node_modules") || path.endsWith("_pb.ts"))).toEqual([]);
    const [gzip, typedGzip] = [gzipped(text), gzipped(typed.text)];
    console.info(`a page that calls one service in JSON: ${gzip} bytes with gzip; typed: ${typedGzip}`);
    expect(gzip).toBeLessThan(2_000);
    expect(typedGzip / gzip).toBeGreaterThan(20);
    const page = await readFile(join(repository, "docs/generator.md"), "utf8");
    expect(page).toContain(`${(gzip / 1000).toFixed(1)} kB`);
  });
});

await describeInChromium("a page with JSON clients", (browser) => {
  let pages: HttpServer;
  let data: string;
  let ingress: Ingress;
  let baseUrl: string;
  let page: Page;

  beforeAll(async () => {
    const { text } = await bundle("app.ts");
    const html = '<!doctype html><script type="module" src="/app.js"></script>';
    pages = await site(new Map(Object.entries({ "/index.html": html, "/app.js": text })));
    data = temporaryFolder("json");
    ingress = createIngress({ services, engine: embedded({ path: data }) });
    ({ url: baseUrl } = await ingress.listen({ port: 0, adminPort: 0 }));
    page = await open(pages.url);
  });

  afterAll(async () => {
    await ingress.close();
    await pages[Symbol.asyncDispose]();
    await rm(data, { recursive: true });
  });

  async function open(origin: string): Promise<Page> {
    const opened = await browser.newPage();
    await opened.goto(origin);
    await opened.waitForFunction(() => globalThis.jsonApp !== undefined);
    return opened;
  }

  function failure(from: Page, name: string, timeoutMs?: number): Promise<unknown> {
    const ask = (of: { url: string; name: string; timeoutMs: number | undefined }) =>
      jsonApp.failure(of.url, of.name, of.timeoutMs);
    return from.evaluate(ask, { url: baseUrl, name, timeoutMs });
  }

  it("calls", async () => {
    expect(await page.evaluate((url) => jsonApp.greet(url, "Pete"), baseUrl)).toBe("Hello Pete");
    const titled = (url: string) => jsonApp.greet(url, "Pete", { headers: { "x-title": "Dr. " } });
    expect(await page.evaluate(titled, baseUrl)).toBe("Hello Dr.Pete");
  });

  it("calls an object by key, with integers beyond a double", async () => {
    const add = (url: string) => jsonApp.add(url, "json", "9007199254740993");
    expect(await page.evaluate(add, baseUrl)).toBe("9007199254740993");
  });

  it("sends with a delay, which the page sees confirmed, and joins the invocation by its idempotency key", async () => {
    const { id, greeting } = await page.evaluate((url) => jsonApp.sendAndJoin(url, "Paula"), baseUrl);
    expect(id).toMatch(/^inv_1/);
    expect(greeting).toBe("Hello Paula");
  });

  it("gives up at its deadline, and the handler is told", async () => {
    expect(await failure(page, "late, in JSON", 300)).toMatchObject({ code: "deadline_exceeded" });
    await expect.poll(() => abandoned).toContain("late, in JSON");
  });

  it("reads an error with its details", async () => {
    expect(await failure(page, "nobody")).toEqual({
      code: "invalid_argument",
      message: "who is it? – nobody",
      details: ["org.example.AddRequest"],
    });
  });

  it("says when the caller has aborted the call", async () => {
    expect(await failure(page, "aborted")).toMatchObject({ code: "canceled" });
  });

  it("is told what to look at when the ingress does not list its origin", async () => {
    const stranger = await open(pages.url.replace("127.0.0.1", "stranger.example"));
    expect(await failure(stranger, "nobody")).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("allow this page's origin (CORS)"),
    });
  });
});
