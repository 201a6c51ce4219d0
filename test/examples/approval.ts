import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultUrl, type Example, type Served } from "./example.ts";

const patiently = { timeout: 30_000 };

/** `examples/approval`, in Chromium. */
export function describeApproval(browser: Browser, open: () => Example): void {
  describe("approval", () => {
    let example: Example;
    let server: Served;
    let approvals: Page;

    beforeAll(async () => {
      example = open();
      server = await example.serve("npm start");
      example.replace("web/main.ts", defaultUrl, server.url);
      example.replace("ask.ts", defaultUrl, server.url);
      approvals = await browser.newPage();
      await approvals.goto(await example.page());
    });
    afterAll(async () => {
      await approvals?.close();
      await example.stop();
    });

    /** Runs `npm run ask`, and returns its output so far. */
    async function ask(purpose: string): Promise<() => string> {
      const asking = await example.start(`npm run --silent ask "${purpose}" 25800`, /^inv_\w+ waits/m);
      let output = "";
      asking.onOutput((all) => {
        output = all;
      });
      return () => output;
    }

    async function decide(purpose: string, decision: string): Promise<void> {
      const item = approvals.getByRole("listitem").filter({ hasText: purpose });
      await item.getByRole("button", { name: decision }).click();
      await item.waitFor({ state: "detached" });
    }

    it("passes the type check", () => example.run("npm run check"));

    it("waits for a person, also over a restart, and tells the caller", async () => {
      const asked = await ask("two chairs");
      await approvals.getByText("two chairs, 258").waitFor();
      await server.stop();
      server = await example.serve("npm start", new URL(server.url).port);
      await decide("two chairs", "Approve");
      await expect.poll(asked, patiently).toContain("two chairs: approved by Paula\n");
    });

    it("rejects", async () => {
      const [sofa, desk] = [await ask("a sofa"), await ask("a desk")];
      await decide("a sofa", "Reject");
      await decide("a desk", "Approve");
      await expect.poll(sofa, patiently).toContain("a sofa: rejected by Paula\n");
      await expect.poll(desk, patiently).toContain("a desk: approved by Paula\n");
    });
  });
}
