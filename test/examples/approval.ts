import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultUrl, type Example, type Served } from "./example.ts";

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

    async function decide(purpose: string, decision: string): Promise<void> {
      const item = approvals.getByRole("listitem").filter({ hasText: purpose });
      await item.getByRole("button", { name: decision }).click();
      await item.waitFor({ state: "detached" });
    }

    it("passes the type check", () => example.run("npm run check"));

    it("waits for a person, also over a restart, and tells the caller", async () => {
      const asked = example.run('npm run --silent ask "two chairs" 25800');
      await approvals.getByText("two chairs, 258").waitFor();
      await server.stop();
      server = await example.serve("npm start", new URL(server.url).port);
      await decide("two chairs", "Approve");
      expect(await asked).toMatch(/^inv_\w+ waits for a decision\ntwo chairs: approved by Paula\n$/);
    });

    it("rejects", async () => {
      const asked = Promise.all(["a sofa", "a desk"].map((what) => example.run(`npm run ask "${what}"`)));
      await decide("a sofa", "Reject");
      await decide("a desk", "Approve");
      const [sofa, desk] = await asked;
      expect(sofa).toContain("a sofa: rejected by Paula\n");
      expect(desk).toContain("a desk: approved by Paula\n");
    });
  });
}
