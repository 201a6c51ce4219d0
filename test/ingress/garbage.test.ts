import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClient } from "@connectrpc/connect";
import { createIngress, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { expect, it, onTestFinished } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { temporaryEngine } from "./temporary-engine.ts";

/** How much a call may leave behind in the old part of the heap, bytes: one object that is kept keeps all the others. */
const mostPerCall = 1_500;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
}

// V8 keeps some objects of a call for long, for example a literal with a getter. Collections then take a third of the time.
it.each(["connect", "grpc-web"] as const)(
  "%s: a call leaves nothing for the next full collection",
  async (protocol) => {
    const ingress = createIngress({
      services: [service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) })],
      engine: temporaryEngine(),
    });
    onTestFinished(() => ingress.close());
    const { url } = await ingress.listen({ port: 0, adminPort: 0 });
    const client = createClient(Greeter, createTransport({ baseUrl: url, protocol, httpVersion: "1.1" }));
    const call = async (times: number): Promise<void> => {
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let i = 0; i < times / 16; i += 1) {
            await client.greet({ name: "world" });
          }
        }),
      );
    };
    await call(4_000);
    collect();
    const before = oldBytes();
    let most = 0;
    for (let round = 0; round < 6; round += 1) {
      await call(800);
      most = Math.max(most, oldBytes() - before);
    }
    expect(most / 4_800).toBeLessThan(mostPerCall);
  },
);
