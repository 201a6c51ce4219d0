import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { type EngineName, type Running, start } from "../behaviour/engines.ts";
import { buildConsole } from "../support/build-console.ts";
import { describeInChromium } from "../support/chromium.ts";
import { type ConsolePage, openConsole } from "./console-page.ts";
import { engines } from "./engines.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

/** What the cases of one engine share. It is there once they run. */
export interface SharedConsole {
  readonly engine: EngineName;
  server(): Running;
  shown(): ConsolePage;
  page(): ConsolePage["page"];
  /** A transport to the server's ingress. */
  transport(): ReturnType<typeof createTransport>;
}

/** Describes cases in one open console for each engine that can run here. */
export async function describeConsole(name: string, cases: (shared: SharedConsole) => void): Promise<void> {
  await describeInChromium(name, (browser) => {
    beforeAll(buildConsole);

    describe.each(engines)("on the engine %s", (engine) => {
      let server: Running;
      let shown: ConsolePage;
      beforeAll(async () => {
        server = await start(engine);
        shown = await openConsole(browser, { adminUrl: server.adminUrl, ingressUrl: server.url });
      });
      afterAll(async () => {
        await shown?.[Symbol.asyncDispose]();
        await server?.close();
      });
      cases({
        engine,
        server: () => server,
        shown: () => shown,
        page: () => shown.page,
        transport: () => createTransport({ baseUrl: server.url }),
      });
    });
  });
}
