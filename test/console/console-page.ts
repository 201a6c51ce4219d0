import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

/** The console in a browser of its own, which records all errors. */
export interface ConsolePage extends AsyncDisposable {
  readonly page: Page;
  /** Goes to a view by its address behind `#/`. */
  view(path: string): Promise<void>;
  /** Writes a text into the editor, in place of the one there. */
  writeJson(text: string): Promise<void>;
  /** Fails when the page broke a rule of accessibility (WCAG 2 A and AA), naming it. */
  expectAccessible(): Promise<void>;
  /** Fails when a script failed, the policy was violated, or a request went elsewhere. */
  expectClean(): void;
}

interface ConsoleOptions {
  readonly adminUrl: string;
  readonly ingressUrl: string;
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens the console. */
export async function openConsole(
  browser: Browser,
  { adminUrl, ingressUrl, colorScheme = "light", width = 1280 }: ConsoleOptions,
): Promise<ConsolePage> {
  const context: BrowserContext = await browser.newContext({
    colorScheme,
    locale: "en-US",
    viewport: { width, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  // Chromium logs each response with an error status, too: these are answers.
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      problems.push(`${message.text()} (${message.location().url})`);
    }
  });
  const allowed = new Set([adminUrl, ingressUrl].map((url) => new URL(url).origin));
  page.on("request", (request) => {
    if (request.url() !== "about:blank" && !allowed.has(new URL(request.url()).origin)) {
      problems.push(`request to ${request.url()}`);
    }
  });
  return {
    page,
    async view(path) {
      await page.goto("about:blank"); // or the address may differ behind # only, and nothing is loaded
      await page.goto(`${adminUrl}/#/${path}`);
      await page.locator("main h1").first().waitFor();
    },
    async writeJson(text) {
      // As a person does. Where the browser itself removes lines, it may leave an inline style behind.
      await page.locator(".editor .cm-content").press("ControlOrMeta+a");
      await page.keyboard.press("Delete");
      await page.keyboard.insertText(text);
    },
    async expectAccessible() {
      // Evaluated by the debugger, which no policy of the page holds back.
      const session = await context.newCDPSession(page);
      await session.send("Page.setBypassCSP", { enabled: true });
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate(() =>
        (
          globalThis as unknown as { axe: { run(root: Document, options: object): Promise<AxeResults> } }
        ).axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
          preload: false,
        }),
      );
      await session.detach();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
      expect(found).toEqual([]);
    },
    expectClean: () => expect(problems).toEqual([]),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
