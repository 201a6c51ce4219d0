import { monitorEventLoopDelay } from "node:perf_hooks";
import { startIngress } from "../ingress/support.ts";
import { silentLogger } from "../support/loggers.ts";
import { oddServices } from "./odd-services.ts";

const ingress = await startIngress({ services: oddServices(), logger: silentLogger });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let peak = 0;
let largestBefore = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5).unref();

/** Memory that is in use, bytes. */
function held(): number {
  // --expose-gc: the remaining memory is in use.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The longest block of the event loop, ms, and the most memory of the process, bytes, since the last question. */
function cost(): { readonly blockMs: number; readonly peak: number } {
  const largest = process.resourceUsage().maxRSS * 1024;
  // A new maximum may have come and gone while the event loop was blocked.
  const most = largest > largestBefore ? largest : Math.max(peak, process.memoryUsage.rss());
  largestBefore = largest;
  const blockMs = delay.max / 1e6;
  delay.reset();
  held();
  peak = process.memoryUsage.rss();
  return { blockMs, peak: most };
}

process.on("message", (question) => {
  // What the nasty JSON of mutate.ts would do where a `__proto__` is taken for more than a name.
  if ("polluted" in {}) {
    throw new Error("Object.prototype is polluted");
  }
  process.send?.(question === "cost" ? cost() : { held: held() });
});
process.on("disconnect", () => ingress.close().then(() => process.exit()));
process.send?.({ url: ingress.url });
