import { Code, ConnectError } from "restate-connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { buildConsole } from "../support/build-console.ts";
import { describeInChromium } from "../support/chromium.ts";
import { openConsole } from "./console-page.ts";

await describeInChromium("the console in front of an ingress that authenticates", (browser) => {
  let ingress: TestIngress;
  beforeAll(async () => {
    await buildConsole();
    ingress = await startIngress({
      authenticate: ({ headers }) => {
        if (headers.get("authorization") !== "Bearer sesame") {
          throw new ConnectError("who are you?", Code.Unauthenticated);
        }
        return undefined;
      },
    });
  });
  afterAll(() => ingress?.close());

  it("asks for a token, sends it with calls, and forgets it when the page is loaded again", async () => {
    await using shown = await openConsole(browser, { adminUrl: ingress.adminUrl, ingressUrl: ingress.url });
    const { page } = shown;
    const call = async () => {
      await shown.view("try/org.example.Greeter/Greet");
      await enterToken("sesame");
      await shown.writeJson('{"name": "Pete"}');
      await page.getByRole("button", { name: "Call", exact: true }).click();
      await page.locator(".facts").waitFor();
    };
    const enterToken = async (token: string) => {
      await page.getByRole("button", { name: /Enter a token|Token is set/ }).click();
      await page.getByLabel("Token", { exact: true }).fill(token);
      await page.getByRole("button", { name: "Use the token" }).click();
    };
    await call();
    await page.getByText("Hello Pete").waitFor();
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(stored).not.toContain("sesame");

    await page.reload();
    await page.getByRole("button", { name: "Enter a token" }).waitFor();
    await page.locator(".editor .cm-content").waitFor();
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.locator(".failure", { hasText: "who are you?" }).waitFor();
    shown.expectClean();
  });

  it("cannot be used by a page of another origin", async () => {
    await using shown = await openConsole(browser, { adminUrl: ingress.adminUrl, ingressUrl: ingress.url });
    const { page } = shown;
    // The ingress is another origin on the same machine.
    await page.goto(`${ingress.url}/`);
    const statuses = await page.evaluate(async (adminUrl) => {
      const ask = (init: RequestInit) =>
        fetch(`${adminUrl}/restateconnect.v1.Admin/CountInvocations`, init).then(
          ({ type }) => type,
          () => "refused",
        );
      return [
        await ask({ method: "POST", body: "{}", headers: { "content-type": "application/json" } }),
        await ask({ method: "DELETE" }),
      ];
    }, ingress.adminUrl);
    expect(statuses).toEqual(["refused", "refused"]);
  });
});
