import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { embedded } from "../../src/engine/index.ts";
import { createIngress } from "../../src/ingress/index.ts";
import { exampleServices } from "../ingress/services.ts";
import { silentLogger } from "../support/loggers.ts";
import { retentionMs, type Usage } from "./usage.ts";

const path = mkdtempSync(join(tmpdir(), "soak-"));
const ingress = createIngress({
  services: exampleServices(),
  engine: embedded({ path, retentionMs, logger: silentLogger }),
  logger: silentLogger,
  allowCancel: true,
  limits: { drainTimeoutMs: 1_000 },
});
const { url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

function usage(): Usage {
  const { p99, max } = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
  delay.reset();
  // --expose-gc: the remaining memory is in use.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    held: heapUsed + external,
    rss,
    descriptors: readdirSync("/proc/self/fd").length,
    delayP99: p99,
    delayMax: max,
    storeBytes: readdirSync(path).reduce((sum, file) => sum + statSync(join(path, file)).size, 0),
  };
}

process.on("message", () => process.send?.(usage()));
process.on("disconnect", async () => {
  await ingress.close();
  rmSync(path, { recursive: true });
  process.exit();
});
process.send?.({ url, adminUrl });
