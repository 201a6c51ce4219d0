/**
 * Writes the pictures of docs/console.md, light and dark: starts a server with a little history, and looks at it with
 * Chromium. `npm run screenshots` runs it.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { embedded } from "restate-connect/engine";
import { createIngress } from "restate-connect/ingress";
import { startChromium } from "../test/support/chromium.ts";
import { silentLogger } from "../test/support/loggers.ts";
import { screenshotFonts } from "./screenshot-fonts.ts";
import { playHistory, screenshotServices } from "./screenshot-services.ts";

const repository = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "console-screenshots-"));
process.env.FONTCONFIG_FILE = screenshotFonts(join(folder, "fonts"));
const descriptors = join(folder, "descriptors.binpb");
execFileSync("buf", ["build", "--output", descriptors], { cwd: repository });

const ingress = createIngress({
  services: screenshotServices,
  engine: embedded({ path: join(folder, "data"), logger: silentLogger }),
  fileDescriptorSet: readFileSync(descriptors),
  logger: silentLogger,
});
const { url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
const browser = await startChromium();
try {
  const { failedOrder } = await playHistory(url);
  const views = {
    overview: "overview",
    service: "services/org.example.Orders",
    try: "try/org.example.Orders/Place",
    invocations: "invocations",
    invocation: `invocations/${failedOrder}`,
  };
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, path] of Object.entries(views)) {
      await shoot(browser, { name, path, colorScheme });
    }
  }
} finally {
  await browser.close();
  await ingress.close();
  rmSync(folder, { recursive: true, force: true });
}

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly colorScheme: "light" | "dark";
}

async function shoot(chromium: Browser, { name, path, colorScheme }: Shot): Promise<void> {
  const context = await chromium.newContext({
    colorScheme,
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
  });
  const page = await context.newPage();
  await page.goto(`${adminUrl.replace("127.0.0.1", "localhost")}/#/${path}`);
  await page.locator("main h1").waitFor();
  if (name === "try") {
    await page.locator(".editor .cm-content").press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText(
      readFileSync(new URL("screenshot-order.json", import.meta.url), "utf8").trim(),
    );
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.locator(".facts").waitFor();
  }
  await sleep(1_500); // for charts and the last answers
  await page.screenshot({ path: join(repository, `docs/console/${name}-${colorScheme}.png`) });
  await context.close();
}
