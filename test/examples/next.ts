import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example, Served } from "./example.ts";

/** `examples/next`, built and started as in production, in Chromium. */
export function describeNext(browser: Browser, open: () => Example): void {
  describe("next", () => {
    let example: Example;
    let server: Served;
    let url: string;
    let page: Page;

    beforeAll(async () => {
      example = open();
      example.replace("services.ts", "3_000", "30");
      server = await example.serve("npm run services");
      await example.run("NEXT_TELEMETRY_DISABLED=1 npm run build");
      const next = await example.start(
        `NEXT_TELEMETRY_DISABLED=1 RESTATE_CONNECT_URL=${server.url} npm start -- --hostname 127.0.0.1 --port 0`,
        /(http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ready/,
      );
      [, url = ""] = next.match;
      page = await browser.newPage();
    }, 300_000);
    afterAll(async () => {
      await page?.close();
      await example.stop();
    });

    const key = () => page.inputValue("[name=key]");

    it("sends by a server action, and shows the outcome on the page of its id", async () => {
      await page.goto(url);
      await page.fill("[name=topic]", "tea");
      await page.click("button");
      await page.getByText("All about tea.").waitFor();
      expect(new URL(page.url()).pathname).toMatch(/^\/reports\/inv_\w+$/);
      await page.reload();
      await page.getByText("All about tea.").waitFor();
      expect(server.output().match(/wrote a report about tea/g)).toHaveLength(1);
    });

    it("has a key of its own in each form", async () => {
      await page.goto(url);
      const first = await key();
      await page.reload();
      expect(await key()).not.toBe(first);
    });

    it("shows that there is no outcome yet, then that it failed", async () => {
      const send = `npx restate-connect send reports.v1.Reports/Write '{"topic": "later"}' --delay 1h`;
      const [id = ""] = /inv_\w+/.exec(await example.run(`${send} --url ${server.url}`)) ?? [];
      await page.goto(`${url}/reports/${id}`, { waitUntil: "commit" });
      await page.getByText("Your report is being written").waitFor();
      await server.admin.cancelInvocation({ id });
      await page.getByText("There is no report: ").waitFor();
    });
  });
}
