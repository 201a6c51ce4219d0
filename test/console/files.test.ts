import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { http1, http2, startIngress, type TestIngress } from "../ingress/support.ts";
import { buildConsole } from "../support/build-console.ts";
import { repository } from "../support/markdown.ts";

let ingress: TestIngress;
beforeAll(async () => {
  await buildConsole();
  ingress = await startIngress();
});
afterAll(() => ingress?.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  http1(ingress.adminUrl + path, { method: "GET", headers });

describe("the files of the console", () => {
  it("are a page at /, the same over HTTP/1.1 and HTTP/2, with or without compression", async () => {
    const page = readFileSync(join(repository, "dist/console/index.html"));
    expect((await get("/")).body).toEqual(page);
    const { body, headers } = await http2(`${ingress.adminUrl}/`, {
      method: "GET",
      headers: { "accept-encoding": "br, gzip" },
    });
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-encoding": "gzip",
      "cache-control": "no-cache",
      vary: expect.stringContaining("accept-encoding"),
    });
    expect(gunzipSync(body)).toEqual(page);
  });

  it("are scripts and styles below /console/, which browsers may keep", async () => {
    const names = [...(await get("/")).body.toString().matchAll(/(?:src|href)="\.(\/console\/[^"]+)"/g)];
    expect(names.length).toBeGreaterThanOrEqual(2);
    for (const [, path = ""] of names) {
      const { status, headers } = await get(path);
      expect(status, path).toBe(200);
      expect(headers["cache-control"]).toContain("immutable");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
    expect(await get("/console/none.js")).toMatchObject({ status: 404 });
  });

  it("allow neither inline scripts nor anything from elsewhere but the ingress", async () => {
    const { port } = new URL(ingress.url);
    const policyFor = async (host: string) =>
      (await get("/", { host })).headers["content-security-policy"]?.split("; ");
    const adminPort = new URL(ingress.adminUrl).port;
    const policy = await policyFor(`localhost:${adminPort}`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain(`connect-src 'self' http://localhost:${port}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await policyFor(`127.0.0.1:${adminPort}`)).toContain(
      `connect-src 'self' http://127.0.0.1:${port}`,
    );
  });

  it("are not served with console: false", async () => {
    await using without = await startIngress({ console: false });
    expect(await http1(`${without.adminUrl}/`, { method: "GET" })).not.toMatchObject({ status: 200 });
  });
});

describe("the admin port", () => {
  const list = (headers: Readonly<Record<string, string>>) =>
    http1(`${ingress.adminUrl}/restateconnect.v1.Admin/CountInvocations`, {
      headers: { "content-type": "application/json", ...headers },
      body: "{}",
    });

  it.each([
    ["of another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }],
    ["of another port", { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" }],
    ["of another origin, by a browser that says no more", { origin: "http://example.com" }],
    ["of no origin, such as a sandboxed frame", { origin: "null" }],
  ])("refuses the requests of a page %s", async (_, headers) => {
    const { status, body } = await list(headers);
    expect(status).toBe(403);
    expect(body.toString()).toContain("a page of another origin may not use the admin port");
  });

  it.each([
    ["its own page", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }],
    ["programs", {}],
  ])("answers %s", async (_, headers) => {
    expect(await list(headers)).toMatchObject({ status: 200 });
    expect(await list({ ...headers, origin: ingress.adminUrl })).toMatchObject({ status: 200 });
  });

  it("answers a link from elsewhere with the page, but not with data in a frame", async () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(await get("/", link)).toMatchObject({ status: 200 });
    expect(await get("/", { ...link, "sec-fetch-mode": "no-cors" })).toMatchObject({ status: 403 });
    expect(await get("/", { host: "admin.example.com" })).toMatchObject({ status: 403 });
  });
});
