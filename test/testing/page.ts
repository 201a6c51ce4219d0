// A page's code under test, and its test: bundled for Chromium by browser.test.ts.
import { createTestTransport } from "restate-connect/testing";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

const transport = createTestTransport().answer(Greeter, {
  greet: ({ name }) => ({ greeting: `Hello ${name}` }),
});
const { greet, send } = createGreeterClient(transport);
const { greeting } = await greet({ name: "Pete" });
const sent = await send.greet({ name: "Paul" });
const outcome = await sent.attach();
const kept = transport.sends(Greeter.method.greet).map(({ message }) => message.name);
document.title = [greeting, outcome.greeting, ...kept].join();
