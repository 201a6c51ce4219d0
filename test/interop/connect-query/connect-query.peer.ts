import { afterAll, beforeAll, expect, it } from "vitest";
import { startIngress, type TestIngress } from "../../ingress/support.ts";
import { describeInChromium } from "../../support/chromium.ts";
import { openPage } from "../support/page.ts";

await describeInChromium("TanStack Query with connect-query", (browser) => {
  let ingress: TestIngress;
  let opened: Awaited<ReturnType<typeof openPage>>;
  beforeAll(async () => {
    ingress = await startIngress();
    opened = await openPage(browser, "connect-query/page.ts");
    await opened.page.evaluate(
      (url) => (globalThis as unknown as { start(url: string): void }).start(url),
      ingress.url,
    );
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await ingress.close();
  });

  /** The text of an element, once it replaces the placeholder. */
  async function text(id: string): Promise<string> {
    const element = opened.page.locator(`#${id}`).filter({ hasNotText: "…" });
    // Not "visible": a machine without fonts gives text no size.
    await element.waitFor({ state: "attached" });
    return (await element.textContent()) ?? "";
  }

  it("queries", async () => {
    expect(await text("query")).toBe("Hello Pete");
  });

  it("shows the error of a query", async () => {
    expect(await text("error")).toBe("5 no such person: 100 % sure, ünd sorry");
  });

  it("mutates", async () => {
    await opened.page.dispatchEvent("#mutation", "click");
    expect(await text("mutation")).toBe("counter: 2");
  });

  it("sends one way, and attaches", async () => {
    await opened.page.dispatchEvent("#send", "click");
    expect(await text("send")).toMatch(/^inv_\w+ Hello Zoë$/);
  });
});
