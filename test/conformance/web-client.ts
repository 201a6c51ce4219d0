import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startChromium } from "../support/chromium.ts";
import { httpServer } from "../support/http-server.ts";
import { descriptorSet, forEachMessage, writeMessage } from "./stdio.ts";
import type { ConformancePage } from "./web-page.ts";

// The client under test: our transports for the web, in a page of a real Chromium.

const script = await bundle("web-page.ts");
await using site = await httpServer((request, response) => {
  switch (request.url) {
    case "/":
      response.setHeader("content-type", "text/html").end('<script src="/script.js"></script>');
      break;
    case "/script.js":
      response.setHeader("content-type", "text/javascript").end(script);
      break;
    case "/descriptors":
      response.end(descriptorSet());
      break;
    default:
      response.writeHead(404).end();
  }
});
const browser = await startChromium();
try {
  // The suite's server has a certificate of its own, made for the run.
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(site.url);
  await forEachMessage(async (message) => {
    const answer = await page.evaluate(
      (bytes) => (globalThis as unknown as { conformance: ConformancePage }).conformance.runCase(bytes),
      [...message],
    );
    writeMessage(Uint8Array.from(answer));
  });
} finally {
  await browser.close();
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
