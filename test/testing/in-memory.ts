// Run by in-memory.test.ts, without the permission to write files, open sockets or start threads.

import { service } from "restate-connect/ingress";
import { createTestEnvironment } from "restate-connect/testing";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

await using env = await createTestEnvironment({
  services: [service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) })],
});
const sent = await createGreeterClient(env.transport).send.greet({ name: "Pete" }, { delay: 60_000 });
await env.advance({ minutes: 1 });
console.log((await sent.attach()).greeting);
