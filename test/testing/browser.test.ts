// A test transport in a page: tests of pages run in browsers too.
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { describeInChromium } from "../support/chromium.ts";

await describeInChromium("a test transport in Chromium", (browser) => {
  it("answers calls and sends, without anything of Node", async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, "page.ts")],
      bundle: true,
      format: "esm",
      target: "es2024",
      platform: "browser",
      conditions: ["@restate-connect/source"],
      write: false,
      logLevel: "error",
    });
    const page = await browser.newPage();
    await page.setContent(`<script type="module">${outputFiles[0]?.text}</script>`);
    await page.waitForFunction(() => document.title !== "");
    expect(await page.title()).toBe("Hello Pete,Hello Paul,Paul");
  });
});
