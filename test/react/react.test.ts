// docs/react.md, compiled and run: React and TanStack Query in Chromium, against an ingress that restarts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Page } from "playwright-core";
import { embedded } from "restate-connect/engine";
import { createIngress, type Ingress, service } from "restate-connect/ingress";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { site } from "../browser/site.ts";
import { describeInChromium } from "../support/chromium.ts";
import { run } from "../support/command.ts";
import type { HttpServer } from "../support/http-server.ts";
import { commandsOf, repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { blocks, bundleApp, writeApp } from "./app.ts";

const data = temporaryFolder("react");
let ingress: Ingress;
let baseUrl: string;
let count = 0n;
let greeted = 0;
/** What the greeter answers, once the test decides. */
let greeting: PromiseWithResolvers<string>;

const services = [
  service(Counter, {
    add: ({ value }) => {
      count += value;
      return { value: count };
    },
    get: () => ({ value: count }),
    reset: () => undefined,
  }),
  service(Greeter, {
    async greet() {
      greeted++;
      return { greeting: await greeting.promise };
    },
  }),
];

async function startIngress(port: number): Promise<void> {
  ingress = createIngress({ services, engine: embedded({ path: data }), limits: { drainTimeoutMs: 1 } });
  ({ url: baseUrl } = await ingress.listen({ port, adminPort: 0 }));
}

beforeAll(() => startIngress(0));
afterAll(() => ingress.close());

it("docs/react.md installs packages that are tried here", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const commands = blocks.filter(({ language }) => language === "sh").flatMap(commandsOf);
  expect(commands).toHaveLength(1);
  const packages = commands.join(" ").replace("npm install ", "").split(" ");
  expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(packages));
});

it("docs/react.md compiles", async () => {
  await run(`npx tsc --project ${writeApp(baseUrl)}`, repository);
});

await describeInChromium("docs/react.md", (browser) => {
  let pages: HttpServer;
  let page: Page;

  beforeAll(async () => {
    writeApp(baseUrl);
    pages = await site(await bundleApp());
  });
  afterAll(() => pages[Symbol.asyncDispose]());

  beforeEach(async () => {
    greeting = Promise.withResolvers();
    greeted = 0;
    page = await browser.newPage();
    await page.goto(pages.url);
    return () => page.close();
  });

  const shown = (text: string) => page.getByText(text).waitFor({ state: "attached" });
  const click = (name: string) => page.getByRole("button", { name }).click();

  it("calls, and asks again after a mutation", async () => {
    await shown("Clicks: 0");
    await click("Clicks");
    await shown("Clicks: 1");
  });

  it("sends once, and follows the outcome over a reload and a restart of the server", async () => {
    await click("Welcome Pete");
    await shown("On its way");
    await page.reload();
    await shown("On its way");
    expect(greeted).toBe(1);

    await ingress.close();
    await startIngress(Number(new URL(baseUrl).port));
    greeting.resolve("Hello Pete");
    await shown("Hello Pete");
    await page.reload();
    await shown("Hello Pete");
  });

  it("shows the error of the outcome", async () => {
    await click("Welcome Pete");
    await expect.poll(() => greeted).toBe(1);
    greeting.reject(new ConnectError("no such person", Code.NotFound));
    await shown("[not_found] no such person");
  });
});
