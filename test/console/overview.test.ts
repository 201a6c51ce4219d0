import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { type EngineName, type Running, start } from "../behaviour/engines.ts";
import { buildConsole } from "../support/build-console.ts";
import { describeInChromium } from "../support/chromium.ts";
import { type ConsolePage, openConsole } from "./console-page.ts";
import { engines } from "./engines.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

await describeInChromium("the overview in the console", (browser) => {
  beforeAll(buildConsole);

  describe.each(engines)("on the engine %s", (engine: EngineName) => {
    let server: Running;
    let shown: ConsolePage;
    beforeAll(async () => {
      server = await start(engine);
      const transport = createTransport({ baseUrl: server.url });
      const { greet, send } = createGreeterClient(transport);
      await Promise.all(Array.from({ length: 20 }, () => greet({ name: "Pete" })));
      await Promise.allSettled(Array.from({ length: 5 }, () => greet({ name: "fail" })));
      await send.greet({ name: "await overview" });
      await server.notes.awakeable("await overview");
      await createCounterClient(transport).key("a").send.add({ value: 1n }, { delay: 3_600_000 });
    });
    afterAll(async () => {
      await shown?.[Symbol.asyncDispose]();
      await server?.close();
    });

    it.each(["light", "dark"] as const)(
      "shows figures and charts, accessible in %s colours",
      async (colorScheme) => {
        await shown?.[Symbol.asyncDispose]();
        shown = await openConsole(browser, {
          adminUrl: server.adminUrl,
          ingressUrl: server.url,
          colorScheme,
        });
        await shown.view("");
        const { page } = shown;
        await page.locator(".chart canvas").first().waitFor();
        await page.locator(".chart", { hasText: "Errors by code" }).getByText("not_found").waitFor();
        const tile = (title: string) => page.locator(".tile", { hasText: title }).locator(".tile-value");
        await expect.poll(() => tile("Running").textContent()).toBe("1");
        expect(await tile("Store").textContent()).toMatch(
          engine === "embedded" ? /^[\d.]+ [kM]?B$/ : /^The engine does not say/,
        );
        expect(await tile("Longest key queue").textContent()).toBe("none");
        await shown.expectAccessible();
        shown.expectClean();
      },
    );

    it("is readable on a phone, without scrolling sideways", async () => {
      await using phone = await openConsole(browser, {
        adminUrl: server.adminUrl,
        ingressUrl: server.url,
        width: 360,
      });
      for (const view of [
        "overview",
        "services",
        "services/org.example.Orders",
        "try/org.example.Greeter/Greet",
        "invocations",
      ]) {
        await phone.view(view);
        await phone.page.waitForLoadState("networkidle");
        const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, view).toBeLessThanOrEqual(360);
      }
      phone.expectClean();
    });

    it("is used by keyboard alone", async () => {
      await shown.view("services");
      const { page } = shown;
      await page.keyboard.press("Tab");
      await page.getByRole("button", { name: "Skip to the content" }).press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
      await page.keyboard.press("Enter");
      await page.locator("h1", { hasText: "Greeter" }).waitFor();
      // The page moves the focus once it has drawn the heading.
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
    });
  });
});
