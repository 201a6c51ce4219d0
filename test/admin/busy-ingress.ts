import { createTransport } from "restate-connect/node";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { service } from "../../src/ingress/index.ts";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";

/** An ingress that has had a call, a send and a retry: all of its metrics have values. */
export async function busyIngress(): Promise<TestIngress> {
  let failures = 1;
  const greeter = service(Greeter, {
    greet({ name }) {
      if (name === "retry" && failures > 0) {
        failures -= 1;
        throw new Error("try again");
      }
      return { greeting: name };
    },
  });
  const engine = temporaryEngine({ retry: { initialIntervalMs: 1, maxIntervalMs: 1 } });
  const ingress = await startIngress({ services: [greeter], engine });
  const client = createGreeterClient(createTransport({ baseUrl: ingress.url }));
  await client.greet({ name: "Pete" });
  await (await client.send.greet({ name: "retry" })).attach();
  return ingress;
}
