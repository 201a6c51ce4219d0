import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deadLinks } from "../../tools/docs/dead-links.ts";
import { siteFolder } from "../../tools/docs/folders.ts";
import { entryPoints, referenceAddress } from "../../tools/docs/reference.ts";
import { describeInChromium } from "../support/chromium.ts";
import { run } from "../support/command.ts";
import { type HttpServer, httpServer } from "../support/http-server.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

beforeAll(async () => {
  await run("npm run docs", repository); // it exits 1 where a link or an anchor is dead
}, 300_000);

describe("npm run docs", () => {
  it.each([...entryPoints().keys()])("has a reference page with the exports of %s", (entry) => {
    const report = readFileSync(join(repository, `docs/api/${entry.replaceAll("/", ".")}.d.ts`), "utf8");
    const names = [...report.matchAll(/^export (?:interface|type|function|const|class) (\w+)/gm)].map(
      ([, name = ""]) => name,
    );
    const page = readFileSync(join(siteFolder, `${referenceAddress(entry)}.html`), "utf8");
    const headings = [...page.matchAll(/<h3[^>]*>(?:<a [^>]*><\/a>\s*)*(\w+)/g)].map(([, name = ""]) => name);
    expect(headings).toEqual(expect.arrayContaining(names));
    expect(page, "a comment with @module in its source file").toMatch(/<h1 .*?<\/h1>\s*<p>\w/);
    expect(page).not.toContain("__namedParameters");
  });

  it("has the dashboard for Grafana to be downloaded", () => {
    const page = readFileSync(join(siteFolder, "observability.html"), "utf8");
    expect(page).toContain('href="/grafana-dashboard.json"');
    const dashboard = readFileSync(join(repository, "docs/grafana-dashboard.json"), "utf8");
    expect(readFileSync(join(siteFolder, "grafana-dashboard.json"), "utf8")).toBe(dashboard);
  });

  it("has every page of docs/ in its sidebar", () => {
    const home = readFileSync(join(siteFolder, "index.html"), "utf8");
    for (const page of readdirSync(join(repository, "docs")).filter((name) => name.endsWith(".md"))) {
      expect(home).toMatch(new RegExp(`<a class="VPLink[^"]*" href="/${page.replace(/\.md$/, "")}"`));
    }
  });
});

describe("deadLinks", () => {
  it("finds links to pages, headings and files that are not there", () => {
    const folder = temporaryFolder("dead-links");
    mkdirSync(join(folder, "b"));
    writeFileSync(join(folder, "picture.svg"), "");
    const links = ["/b/c", "/b/c#there", "/picture.svg", "b/c.html", "https://example.com/none", "#top"];
    const dead = ["/none", "/b/c#gone", "/gone.svg", "#gone"];
    const anchors = [...links, ...dead].map((link) => `<a class="x" href="${link}">x</a>`);
    writeFileSync(join(folder, "a.html"), `<h1 id="top">${anchors.join("\n")}</h1>`);
    writeFileSync(join(folder, "b/c.html"), '<h2 id="there">x</h2><a href="../a">x</a>');
    expect(deadLinks(folder)).toEqual(dead.map((link) => `a.html: ${link}`));
  });
});

await describeInChromium("the site", (browser) => {
  let server: HttpServer;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await siteServer();
    page = await browser.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith(`${server.url}/`)) {
        problems.push(`asks ${request.url()}`);
      }
    });
    page.on("response", (response) => {
      if (!response.ok()) {
        problems.push(`${response.status()} for ${response.url()}`);
      }
    });
    page.on("pageerror", ({ message }) => problems.push(message));
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("finds an option of the engine by search, in the guide and in the reference", async () => {
    await page.goto(`${server.url}/console`, { waitUntil: "networkidle" });
    await page.keyboard.press("Control+k");
    await page.fill("#localsearch-input", "redactedHeaders");
    await page.locator(".result").first().waitFor();
    const addresses = await page
      .locator("a.result")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(addresses).toContain("/engine#options");
    expect(addresses.some((address) => address?.startsWith("/reference/restate-connect/engine#"))).toBe(true);
  });

  it("asks no other server, and misses no file", async () => {
    for (const path of ["/", "/getting-started", referenceAddress("restate-connect/node")]) {
      await page.goto(server.url + path, { waitUntil: "networkidle" });
    }
    expect(problems).toEqual([]);
  });
});

/** Serves the site as any static web server does that finds `page.html` for `/page`. */
function siteServer(): Promise<HttpServer> {
  return httpServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = join(siteFolder, pathname === "/" ? "index.html" : decodeURIComponent(pathname));
    const file = [path, `${path}.html`].find((name) => extname(name) !== "" && existsSync(name));
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": types[extname(file ?? "")] ?? "application/octet-stream",
    });
    response.end(file === undefined ? undefined : readFileSync(file));
  });
}
