import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedded } from "restate-connect/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { buildConsole } from "../support/build-console.ts";
import { describeInChromium } from "../support/chromium.ts";
import { fillStore } from "../support/fill-store.ts";
import { silentLogger } from "../support/loggers.ts";
import { type ConsolePage, openConsole } from "./console-page.ts";

// bench/console measures how long it takes.
await describeInChromium("the console with a million invocations", (browser) => {
  const path = mkdtempSync(join(tmpdir(), "console-million-"));
  let ingress: TestIngress;
  let shown: ConsolePage;

  beforeAll(async () => {
    await buildConsole();
    await fillStore(path, 1_000_000);
    ingress = await startIngress({ engine: embedded({ path, logger: silentLogger }) });
    shown = await openConsole(browser, { adminUrl: ingress.adminUrl, ingressUrl: ingress.url });
  }, 300_000);
  afterAll(async () => {
    await shown?.[Symbol.asyncDispose]();
    await ingress?.close();
    rmSync(path, { recursive: true, force: true });
  });
  const rows = () => shown.page.locator("tbody tr");

  it("counts them all, and shows the first hundred", async () => {
    await shown.view("invocations");
    await shown.page.locator(".state-chip", { hasText: "succeeded 999,000" }).waitFor();
    await rows().first().waitFor();
    expect(await rows().count()).toBe(100);
  });

  it("goes on page by page, and begins with the oldest when asked", async () => {
    await shown.view("invocations");
    const first = await rows().first().locator("a").getAttribute("href");
    await shown.page.getByRole("link", { name: "Next page" }).click();
    await expect.poll(() => rows().first().locator("a").getAttribute("href")).not.toBe(first);
    expect(await rows().count()).toBe(100);
    await shown.page.getByRole("button", { name: "Created" }).click();
    await rows().first().getByText("key-1", { exact: true }).waitFor();
  });

  it("finds the few that match a filter", async () => {
    await shown.view("invocations?service=org.example.Counter&key=key-7&state=failed");
    await rows().first().waitFor();
    const texts = await rows().allTextContents();
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.every((text) => text.startsWith("failed") && text.includes("key-7"))).toBe(true);
    await shown.view("invocations?service=org.example.Counter&key=key-8&state=failed");
    await shown.page.getByText(/None matches the filter|Look further/).waitFor();
  });

  it("counts those that a filter matches before it purges them", async () => {
    await shown.view("invocations?service=org.example.Counter&state=failed");
    await shown.page.getByRole("button", { name: "Purge…" }).click();
    await shown.page.getByRole("dialog").getByRole("button", { name: "Purge 1,000" }).waitFor();
    shown.expectClean();
  });
});
