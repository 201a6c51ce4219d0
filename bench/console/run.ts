/**
 * Measures how long the console takes to show the table of invocations, with a million of them in the embedded engine:
 * from the click on a link to the first row that can be seen. Prints the median of ten, in ms.
 *
 *     node --conditions=@restate-connect/source bench/console/run.ts
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedded } from "restate-connect/engine";
import { createIngress } from "restate-connect/ingress";
import services from "../../examples/services.ts";
import { startChromium } from "../../test/support/chromium.ts";
import { fillStore } from "../../test/support/fill-store.ts";

const count = 1_000_000;
const runs = 10;

execFileSync(process.execPath, ["scripts/build-console.ts", "--if-stale"], { stdio: "inherit" });
const path = mkdtempSync(join(tmpdir(), "bench-console-"));
await fillStore(path, count);
const ingress = createIngress({ services, engine: embedded({ path }) });
const { adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
const browser = await startChromium();
try {
  await report("all, newest first", "invocations");
  await report("all, oldest first", "invocations?order=oldest");
  await report(
    "one state of one key (1 in 1,000)",
    "invocations?service=org.example.Counter&key=key-7&state=failed",
  );
  await report("no match (looks at all of them)", "invocations?key=nobody");
} finally {
  await browser.close();
  await ingress.close();
  rmSync(path, { recursive: true, force: true });
}

async function report(title: string, view: string): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const page = await browser.newPage();
    const begun = performance.now();
    await page.goto(`${adminUrl}/#/${view}`);
    await page.locator("tbody tr td, .note.empty, .pager").first().waitFor();
    times.push(performance.now() - begun);
    await page.close();
  }
  const median = times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  console.log(`${title.padEnd(40)} ${median.toFixed(0)} ms (page load included)`);
}
