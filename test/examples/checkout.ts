import type { Browser, Page } from "playwright-core";
import { InvocationState } from "restate-connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultUrl, type Example, type Served } from "./example.ts";

/** `examples/checkout`, in Chromium. */
export function describeCheckout(browser: Browser, open: () => Example): void {
  describe("checkout", () => {
    let example: Example;
    let server: Served;
    let shop: Page;

    beforeAll(async () => {
      example = open();
      server = await example.serve("npm start");
      example.replace("web/main.ts", defaultUrl, server.url);
      shop = await browser.newPage();
      await shop.goto(await example.page());
      await shown("nothing yet: 0.00");
    });
    afterAll(async () => {
      await shop?.close();
      await example.stop();
    });

    const shown = (text: string) => shop.getByText(text).waitFor({ state: "attached" });
    const click = (name: string) => shop.getByRole("button", { name }).click();
    const pay = (card: string) => shop.fill("[name=card]", card).then(() => click("Pay"));
    const invocations = async (method: string) =>
      (await server.admin.listInvocations({ service: "shop.v1.Orders", method })).invocations;

    async function newOrder(): Promise<void> {
      await shop.evaluate(() => localStorage.clear());
      await shop.reload();
      await shown("nothing yet: 0.00");
    }

    it("passes the type check", () => example.run("npm run check"));

    it("charges once for a double click, and cancels the reminder", async () => {
      await click("Tea");
      await shown("tea: 3.50");
      await click("Cup");
      await shown("tea, cup: 16.00");
      expect(await invocations("Remind")).toMatchObject([{ state: InvocationState.SCHEDULED }]);

      await shop.fill("[name=card]", "4242");
      await shop.getByRole("button", { name: "Pay" }).dblclick();
      await shown("Paid: receipt-inv_");
      expect(await invocations("Pay")).toHaveLength(1);
      expect(server.output().match(/charged 1600 cents/g)).toHaveLength(1);
      expect(await invocations("Remind")).toMatchObject([{ state: InvocationState.FAILED }]);

      await shop.reload();
      await shown("Paid: receipt-inv_");
    });

    it("takes another card after one is declined, and no payment for an empty order", async () => {
      await newOrder();
      await pay("4242");
      await shown("the order is empty");
      await click("Tea");
      await pay("0000");
      await shown("the card is declined");
      await pay("4242");
      await shown("Paid: receipt-inv_");
    });

    it("reminds of an order that is not paid, once", async () => {
      await newOrder();
      await server.stop();
      server = await example.serve("REMINDER_DELAY_MS=1 npm start", new URL(server.url).port);
      await click("Tea");
      await click("Tea");
      await shown("tea, tea: 7.00");
      await expect.poll(server.output, { timeout: 30_000 }).toContain("reminder: order");
      await shop.reload();
      await shown("Do not forget to pay.");
      expect(server.output().match(/reminder: /g)).toHaveLength(1);
      await pay("4242");
      await shown("Paid: receipt-inv_");
    });
  });
}
