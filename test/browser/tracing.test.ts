// One trace from a page in a browser to the calls of a handler, on both engines.

import type { Page } from "playwright-core";
import { createEndpoint } from "restate-connect/endpoint";
import { type Engine, restate } from "restate-connect/engine";
import { service } from "restate-connect/ingress";
import { serverTracing } from "restate-connect/opentelemetry";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { startIngress } from "../ingress/support.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { describeInChromium } from "../support/chromium.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { recordSpans } from "../support/recorded-spans.ts";
import { startRestate } from "../support/restate-server.ts";
import { bundlePage } from "./bundle.ts";
import { site } from "./site.ts";
import type { To } from "./traced-page/page.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

const greet = "org.example.Greeter/Greet";
const spans = recordSpans();
const greeter = service(Greeter, {
  async greet({ name }, ctx) {
    if (name === "outer") {
      await ctx.client(createGreeterClient).greet({ name: "inner" });
    }
    return { greeting: `Hello ${name}` };
  },
});

await describeInChromium("a page that traces", (browser) => {
  let page: Page;
  const stack = new AsyncDisposableStack();

  beforeAll(async () => {
    const pages = stack.use(await site((await bundlePage("traced-page")).files));
    page = await browser.newPage();
    await page.goto(pages.url);
    await page.waitForFunction(() => globalThis.traced !== undefined);
  });
  afterAll(() => stack.disposeAsync());
  beforeEach(() => spans.clear());

  async function start(engine: Engine): Promise<string> {
    return stack.use(await startIngress({ services: [greeter], engine, tracing: serverTracing() })).url;
  }

  /** What a call and a send of the page must look like. */
  function traces(to: () => To) {
    it("has its span in one trace with the attempts of a call and of what its handler calls", async () => {
      const [client] = await page.evaluate((to) => traced.greet(to, "outer"), to());
      const attempts = await spans.named(`attempt ${greet}`, 2);
      expect(client).toMatchObject({ name: greet, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
      const traceIds = [...attempts, ...spans.all()].map((span) => span.spanContext().traceId);
      expect(new Set(traceIds)).toEqual(new Set([client?.traceId]));
    });

    it("is linked to by the attempt of a send", async () => {
      const [client] = await page.evaluate((to) => traced.send(to, "Pete"), to());
      const [attempt] = await spans.named(`attempt ${greet}`);
      expect(attempt?.links.map(({ context }) => context.traceId)).toEqual([client?.traceId]);
    });
  }

  describe("through an ingress with the embedded engine", () => {
    let baseUrl = "";
    beforeAll(async () => {
      baseUrl = await start(temporaryEngine());
    });
    traces(() => ({ baseUrl, protocol: "connect" }));
  });

  describeWithRestate("with Restate", () => {
    let ingressUrl = "";
    let baseUrl = "";
    beforeAll(async () => {
      quietSdk();
      const server = await startRestate();
      stack.defer(() => server.stop());
      const endpoint = createEndpoint({ services: [greeter], tracing: serverTracing() });
      stack.defer(() => endpoint.close({ drainMs: 0 }));
      await server.register((await endpoint.listen({ port: 0 })).url);
      ({ ingressUrl } = server);
      baseUrl = await start(restate({ ingressUrl, adminUrl: server.adminUrl }));
    });

    describe("through our ingress", () => traces(() => ({ baseUrl, protocol: "grpc-web" })));
    describe("directly", () => traces(() => ({ baseUrl: ingressUrl, protocol: "restate" })));
  });
});
