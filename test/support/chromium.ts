import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, describe, it } from "vitest";
import { type BrowserProgram, carriedChromium } from "./carried-chromium.ts";

// Nothing but the page under test may use the network. The user data folder is a fresh one for each launch.
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Pages whose origin is not on loopback: http://any.example:port is served by this machine.
  "--host-resolver-rules=MAP *.example 127.0.0.1",
];

const systemNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPrograms = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Thrown where no browser is to be had: the message says in one line what was tried. */
export class NoChromiumError extends Error {
  override readonly name = "NoChromiumError";
}

/**
 * Starts a headless Chromium: `CHROMIUM_PATH`, else one that the system has, else the one that
 * `@sparticuz/chromium` carries (Linux x64). The caller closes it.
 *
 * @throws NoChromiumError when there is none that starts; Error when `CHROMIUM_PATH` does not start.
 */
export async function startChromium(): Promise<Browser> {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen !== undefined && chosen !== "") {
    return launch({ path: chosen, env: process.env }).catch((reason: unknown) => {
      throw new Error(`CHROMIUM_PATH: ${chosen} does not start (${firstLine(reason)})`);
    });
  }
  const tried: string[] = [];
  for await (const program of candidates()) {
    try {
      return await launch(program);
    } catch (reason) {
      tried.push(`${program.path} does not start (${firstLine(reason)})`);
    }
  }
  const found = tried.length === 0 ? "found none" : tried.join("; ");
  throw new NoChromiumError(`no Chromium: ${found}. Set CHROMIUM_PATH to a Chromium or Chrome`);
}

/**
 * A suite that runs in a real Chromium. Where there is none, it is skipped, and one line says why.
 *
 * ```ts
 * await describeInChromium("the page", (browser) => {
 *   it("shows its title", async () => { const page = await browser.newPage(); });
 * });
 * ```
 */
export async function describeInChromium(title: string, suite: (browser: Browser) => void): Promise<void> {
  const started = await startChromium().catch((reason: unknown) => {
    if (reason instanceof NoChromiumError) {
      return reason;
    }
    throw reason;
  });
  if (started instanceof NoChromiumError) {
    console.warn(`${title}: not run, ${started.message}`);
    describe(title, () => it.skip(`not run: ${started.message}`));
    return;
  }
  describe(title, () => {
    afterAll(() => started.close());
    suite(started);
  });
}

async function* candidates(): AsyncGenerator<BrowserProgram> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  const system = [...onPath, ...macPrograms].find((path) => existsSync(path));
  if (system !== undefined) {
    yield { path: system, env: process.env };
  }
  if (process.platform === "linux" && process.arch === "x64") {
    yield await carriedChromium();
  }
}

function launch({ path, env }: BrowserProgram): Promise<Browser> {
  return chromium.launch({ executablePath: path, env: definedOnly(env), args: flags });
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}

function firstLine(reason: unknown): string {
  const text = reason instanceof Error ? reason.message : String(reason);
  return text.split("\n", 1)[0] ?? text;
}
