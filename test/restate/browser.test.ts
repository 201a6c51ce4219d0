// A page that calls a Restate server without anything in between. The server allows every origin and
// exposes none of its headers to scripts.
import * as sdk from "@restatedev/restate-sdk";
import type { Page } from "playwright-core";
import { Code } from "restate-connect";
import { createEndpoint, type Endpoint } from "restate-connect/endpoint";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import type { To } from "../browser/app/app.ts";
import { bundlePage } from "../browser/bundle.ts";
import { services } from "../browser/services.ts";
import { site } from "../browser/site.ts";
import { describeInChromium } from "../support/chromium.ts";
import type { HttpServer } from "../support/http-server.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { type SdkEndpoint, sdkEndpoint } from "../support/restate-endpoint.ts";
import { missingRestate, type RestateServer, startRestate } from "../support/restate-server.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

const title = "a page that calls a Restate server";
const why = missingRestate();
if (why !== undefined) {
  console.warn(`${title}: not run, ${why}`);
  describe(title, () => it.skip(`not run: ${why}`));
} else {
  await describeInChromium(title, (browser) => {
    let server: RestateServer;
    let endpoint: Endpoint;
    let pages: HttpServer;
    let page: Page;

    beforeAll(async () => {
      quietSdk();
      server = await startRestate();
      endpoint = createEndpoint({ services });
      const { url } = await endpoint.listen({ port: 0 });
      await server.register(url);
      pages = await site((await bundlePage("app")).files);
      page = await browser.newPage();
      await page.goto(pages.url);
      await page.waitForFunction(() => globalThis.app !== undefined);
    });
    afterAll(async () => {
      await server?.stop();
      await endpoint?.close({ drainMs: 0 });
      await pages?.[Symbol.asyncDispose]();
    });

    describe.each(["binary", "json"] as const)("in %s", (format) => {
      const to = (): To => ({ baseUrl: server.ingressUrl, protocol: "restate", format });

      it("calls", async () => {
        expect(await page.evaluate((to) => app.greet(to, { name: "Pete" }), to())).toBe("Hello Pete");
      });

      it("calls an object by a key in the path", async () => {
        const key = `a/b é ${format}`;
        const add = (value: string) =>
          page.evaluate(({ to, key, value }) => app.add(to, key, value), { to: to(), key, value });
        expect(await add("9007199254740993")).toBe("9007199254740993");
        expect(await add("2")).toBe("9007199254740995");
      });

      it("reads an error with its details and metadata", async () => {
        expect(await page.evaluate((to) => app.failure(to, { name: "nobody" }), to())).toEqual({
          code: Code.InvalidArgument,
          message: "who is it? – nobody",
          details: [`größe ${2n ** 62n}`],
          hint: "knock",
          source: "invocation",
        });
      });

      it("sends one way and attaches to the result", async () => {
        const { id, greeting } = await page.evaluate((to) => app.sendAndAttach(to, "Paula"), to());
        expect(id).toMatch(/^inv_/);
        expect(greeting).toBe("Hello Paula");
      });

      it("finds an invocation by its idempotency key", async () => {
        const { id, greeting } = await page.evaluate((to) => app.callAndFind(to, "Ann", "a/b c%"), to());
        expect(id).toMatch(/^inv_/);
        expect(greeting).toBe("Hello Ann");
      });
    });

    it("does not see Restate's headers, which is why the bodies count", async () => {
      const seen = await page.evaluate((to) => app.metadata(to, "key"), {
        baseUrl: server.ingressUrl,
        protocol: "restate",
      } as const);
      expect(Object.keys(seen).filter((name) => name.startsWith("x-restate"))).toEqual([]);
    });

    it("takes a terminal error with the code 200 for the error that it is", async () => {
      await using theirs: SdkEndpoint = await sdkEndpoint([
        sdk.service({
          name: Greeter.typeName,
          handlers: {
            Greet: async () => {
              throw new sdk.TerminalError("it failed", { errorCode: 200 });
            },
          },
        }),
      ]);
      const other = await startRestate();
      try {
        await other.register(theirs.url);
        const to = { baseUrl: other.ingressUrl, protocol: "restate", format: "json" } as const;
        const failure = await page.evaluate((to) => app.failure(to, { name: "Pete" }), to);
        expect(failure).toMatchObject({ code: Code.Unknown, message: "it failed" });
      } finally {
        await other.stop();
      }
    });
  });
}
