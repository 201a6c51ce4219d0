// The ingress on the embedded engine: ours.ts DATA [held]. With "held" no invocation ends, so that sends are
// accepted and nothing else happens to them.
import { embedded } from "restate-connect/engine";
import { createIngress, service } from "restate-connect/ingress";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { announce } from "../measure/announce.ts";
import { profileAnswerers } from "../measure/profiler.ts";

const [path = "", isHeld] = process.argv.slice(2);
const never = new Promise<never>(() => undefined);
const ingress = createIngress({
  services: [
    service(Greeter, {
      greet: isHeld === undefined ? ({ name }) => ({ greeting: `Hello ${name}` }) : () => never,
    }),
  ],
  // For 10,000 connections at once, on a machine that may be busy, while others are still being closed.
  limits: { maxConnections: 20_000, headersTimeoutMs: 60_000 },
  engine: embedded({ path, ...(isHeld !== undefined && { maxRunning: 1 }) }),
});
const urls = await ingress.listen({ port: 0, adminPort: 0 });
announce(urls, profileAnswerers());
