// In a file of its own: what a client loads for its first send, no earlier test has loaded.
import { service } from "restate-connect/ingress";
import { createTestEnvironment } from "restate-connect/testing";
import { expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

it("idle() waits for a send that nobody awaits", async () => {
  const names: string[] = [];
  await using env = await createTestEnvironment({
    services: [
      service(Greeter, {
        greet({ name }) {
          names.push(name);
          return {};
        },
      }),
    ],
  });
  void createGreeterClient(env.transport).send.greet({ name: "Pete" });
  await env.idle();
  expect(env.sends(Greeter.method.greet)).toHaveLength(1);
  expect(names).toEqual(["Pete"]);
});
