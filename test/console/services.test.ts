import { describe, expect, it } from "vitest";
import { describeConsole } from "./describe-console.ts";

await describeConsole("the console", ({ engine, server, shown, page }) => {
  const text = (selector: string) => page().locator(selector).first().innerText();

  describe("services", () => {
    it("are listed with their kinds and methods", async () => {
      await shown().view("services");
      await page().locator(".card").first().waitFor();
      const cards = await page().locator(".card").allInnerTexts();
      expect(cards.map((card) => card.replace(/\s+/g, " "))).toEqual(
        expect.arrayContaining([
          expect.stringContaining("org.example.Counter keyed Add Get Reset"),
          expect.stringContaining("org.example.Accounts virtual object Credit GetBalance"),
          expect.stringContaining("org.example.Signup workflow"),
          expect.stringContaining("org.example.Till singleton Deposit"),
        ]),
      );
      expect(await text(".about")).toContain(engine);
      await shown().expectAccessible();
    });

    it("show their methods, and messages that open", async () => {
      await shown().view("services/org.example.Orders");
      const place = page().locator("section.method").first();
      await place.getByText("map<string, string>").waitFor();
      await place.getByText("org.example.Order.Line").first().click();
      await place.getByText("unitPrice").waitFor();
      await shown().expectAccessible();
    });

    it("mark the key of a request", async () => {
      await shown().view("services/org.example.Counter");
      expect(await page().locator("li", { hasText: "counter" }).locator(".badge.key").count()).toBe(3);
    });

    it("say so where there is none of the name", async () => {
      await page().goto(`${server().adminUrl}/#/services/org.example.Nobody`);
      await page().getByText("The server has no service org.example.Nobody").waitFor();
    });
  });

  describe("a request", () => {
    /** Fills the form for a method, and makes the request. */
    async function run(method: string, json: string, mode: "Call" | "Send" = "Call"): Promise<void> {
      await shown().view(`try/${method}`);
      await shown().writeJson(json);
      await page().locator(".segmented label", { hasText: mode }).click();
      await page().getByRole("button", { name: mode, exact: true }).click();
      await page().locator(".facts").waitFor();
    }

    it.each(["connect-json", "connect", "grpc-web"])("is a call by %s", async (protocol) => {
      await shown().view("try/org.example.Greeter/Greet");
      await page().getByLabel("Protocol").selectOption(protocol);
      await shown().writeJson('{"name": "Pete"}');
      await page().getByRole("button", { name: "Call", exact: true }).click();
      await page().getByRole("region", { name: "Response message" }).waitFor();
      expect(await text('section[aria-label="Response message"]')).toContain('"greeting": "Hello Pete"');
      expect(await text(".facts")).toMatch(/ok\s+HTTP 200\s+[\d.]+ m?s\s+\d+ B/);
    });

    it("that fails shows its code, message and typed details", async () => {
      await run("org.example.Greeter/Greet", '{"name": "fail"}');
      expect(await text(".facts")).toContain("error");
      expect(await text(".failure")).toMatch(/not_found\s+no such thing/);
      if (engine === "embedded") {
        // Restate keeps code and message of a failure.
        expect(await text(".failure")).toContain("org.example.GreetRequest");
        expect(await text(".failure")).toContain('"name": "detail"');
      }
      await shown().expectAccessible();
    });

    it("carries the key that is not in the message", async () => {
      await shown().view("try/org.example.Accounts/Credit");
      await page().getByLabel("Key", { exact: true }).fill("acc/1");
      await shown().writeJson('{"cents": "9007199254740993"}');
      await page().getByRole("button", { name: "Call", exact: true }).click();
      await page().getByText('"9007199254740993"', { exact: true }).last().waitFor();
      expect(await text('section[aria-label="Response message"]')).toContain("9007199254740993");
    });

    it("is a send, whose id leads to the invocation", async () => {
      await run("org.example.Greeter/Greet", '{"name": "Pete"}', "Send");
      expect(await page().locator(".facts a").getAttribute("href")).toMatch(/^#\/invocations\/inv_/);
    });

    it("stays in the history of the browser, without its headers", async () => {
      await shown().view("try/org.example.Greeter/Greet");
      await page().getByLabel("Headers, one a line").fill("x-secret: 1");
      await shown().writeJson('{"name": "historic"}');
      await page().getByRole("button", { name: "Call", exact: true }).click();
      await page().getByText("Hello historic").waitFor();
      await page().reload();
      await page().getByRole("button", { name: "History" }).click();
      await page().locator(".history button", { hasText: "historic" }).click();
      await page().locator(".editor .cm-content", { hasText: "historic" }).waitFor();
      expect(await page().getByLabel("Headers, one a line").inputValue()).toBe("");
      expect(await page().evaluate(() => JSON.stringify(localStorage))).not.toContain("x-secret");
    });

    it("with JSON that does not fit the message is not sent", async () => {
      await run("org.example.Greeter/Greet", '{"nam": "Pete"}');
      expect(await text(".failure")).toContain("nam");
      await page().locator(".editor .cm-lintRange-error").waitFor();
    });
  });

  it("makes no external request, and breaks no rule of its policy", () => shown().expectClean());
});
