// What docs/editor.md hovers: the names above ^?. A line "// ## …" starts a section of the page.
import { embedded } from "restate-connect/engine";
import { createTransport } from "restate-connect/node";
import { createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

// ## A transport and a client
const transport = createTransport({ baseUrl: "http://localhost:8080", protocol: "connect" });
//                ^?
//                                                                    ^?
const greeter = createGreeterClient(transport);
//              ^?
createTransport({ baseUrl: "http://localhost:8080", adminUrl: "http://localhost:9070", httpVersion: "2" });
//                                                  ^?
//                                                                                     ^?

// ## A call
const { greeting } = await greeter.greet({ name: "Pete" }, { timeoutMs: 1_000, idempotencyKey: "order-7" });
//                                 ^?
//                                                                             ^?
//      ^?

// ## A one-way send
const sent = await greeter.send.greet({ name: greeting }, { delay: 60_000 });
//                         ^?
//                              ^?
//                                                          ^?
//    ^?

// ## Its outcome
const response = await sent.attach();
//                          ^?
await sent.output();
//         ^?
await sent.get();
//         ^?
await sent.cancel();
//         ^?
console.log(sent.id, response);
//               ^?

// ## A KEYED service
const pete = createCounterClient(transport).key("pete");
//                                          ^?
await pete.add({ value: 1n });
//         ^?

// ## A workflow
const signup = createSignupClient(transport).workflow("pete");
//                                           ^?
await signup.submit({ email: "pete@example.com" });
//           ^?
await signup.attach();
//           ^?
await signup.getStatus();
//           ^?

// ## The engine
embedded({ path: "./restate-data", retentionMs: 60_000, maxRunning: 200 });
//^?
//                                 ^?
//                                                      ^?
