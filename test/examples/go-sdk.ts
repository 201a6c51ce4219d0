import type { Browser } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.ts";
import { missingGo } from "../support/missing-go.ts";
import { missingRestate, offline } from "../support/restate-server.ts";
import { defaultUrl, type Example } from "./example.ts";

const missing = missingRestate() ?? (await missingGo("examples/go-sdk/service"));

/** `examples/go-sdk`, in Chromium, where there are Go and a Restate server. */
export function describeGoSdk(browser: Browser, open: () => Example): void {
  if (missing !== undefined) {
    console.warn(`examples/go-sdk: not run, ${missing}`);
    it.skip(`go-sdk: not run, ${missing}`);
    return;
  }
  describe("go-sdk", () => {
    let example: Example | undefined;
    afterAll(() => example?.stop());

    it("counts votes of a page in Go, and keeps them in Restate", async () => {
      example = open();
      const server = await startAll(example);
      const page = await browser.newPage();
      await page.goto(server);
      await page.getByText("coffee: 0").waitFor();
      await page.click("[name=tea]");
      await page.getByText("tea: 1").waitFor();
      await page.click("[name=tea]");
      await page.getByText("tea: 2").waitFor();
      await page.reload();
      await page.getByText("tea: 2").waitFor();
      await page.getByText("coffee: 0").waitFor();
      await page.close();
    }, 300_000);

    it("passes the type check", async () => {
      await example?.run("npm run check");
    });
  });
}

/** Runs `npm start` on free ports, and returns the URL of the page. */
async function startAll(example: Example): Promise<string> {
  const [ingress, admin, node, service] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  example.replace("web/main.ts", defaultUrl, `http://127.0.0.1:${ingress}`);
  example.replace("service/main.go", "localhost:9080", `localhost:${service}`);
  example.replace(
    "start.ts",
    "http://localhost:9070",
    `http://127.0.0.1:${admin} --endpoint http://localhost:${service}`,
  );
  example.replace("start.ts", "vite web", "vite web --host 127.0.0.1 --port 0");
  const settings = {
    RESTATE_INGRESS__BIND_PORT: ingress,
    RESTATE_ADMIN__BIND_PORT: admin,
    RESTATE_BIND_PORT: node,
    RESTATE_BIND_IP: "127.0.0.1",
    RESTATE_DEFAULT_NUM_PARTITIONS: 1,
    DO_NOT_TRACK: 1,
  };
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}=${value}; `);
  const prefix = offline(example.folder).map((word) => `'${word}'`);
  const started = await example.start(
    `${exports.join("")}${prefix.join(" ")} npm start`,
    /Local: +(http:\S+)\//,
  );
  let output = "";
  started.onOutput((all) => {
    output = all;
  });
  await expect.poll(() => output, { timeout: 240_000 }).toContain("votes.v1.Candidates (keyed)");
  return started.match[1] ?? "";
}
