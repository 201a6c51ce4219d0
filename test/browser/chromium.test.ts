import { expect, it } from "vitest";
import { describeInChromium } from "../support/chromium.ts";

await describeInChromium("the browser of the tests", (browser) => {
  it("runs a page's script", async () => {
    const page = await browser.newPage();
    await page.setContent("<script>document.title = String(6 * 7)</script>");
    expect(await page.title()).toBe("42");
  });
});
