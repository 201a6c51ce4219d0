import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { httpServer } from "../../support/http-server.ts";
import type { Greet, Greeted, Peer } from "./check-greeter.ts";
import { root } from "./run.ts";

/** Opens a page, of an origin of its own, that runs a script of this folder. The caller disposes of it. */
export async function openPage(
  browser: Browser,
  script: string,
): Promise<AsyncDisposable & { readonly page: Page }> {
  const { outputFiles } = await build({
    entryPoints: [script],
    absWorkingDir: `${root}/test/interop`,
    bundle: true,
    conditions: ["@restate-connect/source", "browser"],
    define: { "process.env.NODE_ENV": '"production"' },
    format: "iife",
    write: false,
    logLevel: "error",
  });
  const site = await httpServer((request, response) => {
    if (request.url === "/script.js") {
      response.setHeader("content-type", "text/javascript").end(outputFiles[0]?.text);
    } else {
      response.setHeader("content-type", "text/html").end('<main></main><script src="/script.js"></script>');
    }
  });
  const page = await browser.newPage();
  await page.goto(site.url);
  return {
    page,
    async [Symbol.asyncDispose]() {
      await page.close();
      await site[Symbol.asyncDispose]();
    },
  };
}

/** A peer that runs in a page: its script sets the global `peer`. */
export function peerInPage(browser: Browser, script: string): Required<Peer> {
  return {
    async greet(url, call) {
      await using opened = await openPage(browser, script);
      const ask = ([url, call]: readonly [string, Greet]): Promise<Greeted> =>
        (globalThis as unknown as InPage).peer.greet(url, call);
      return await opened.page.evaluate(ask, [url, call] as const);
    },
    async send(url, name) {
      await using opened = await openPage(browser, script);
      const send = ([url, name]: readonly [string, string]): Promise<string> =>
        (globalThis as unknown as InPage).peer.send(url, name);
      return await opened.page.evaluate(send, [url, name] as const);
    },
  };
}

/** What a page has once its script has run. */
interface InPage {
  readonly peer: Required<Peer>;
}
