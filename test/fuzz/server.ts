import { startIngress } from "../ingress/support.ts";

const ingress = await startIngress();
process.on("message", () => {
  // What the nasty JSON of mutate.ts would do where a `__proto__` is taken for more than a name.
  if ("polluted" in {}) {
    throw new Error("Object.prototype is polluted");
  }
  // --expose-gc: the remaining memory is in use.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ held: heapUsed + external });
});
process.on("disconnect", () => ingress.close().then(() => process.exit()));
process.send?.({ url: ingress.url });
