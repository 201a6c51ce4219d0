// The mistakes of docs/editor.md, each with its title and its fix. The page quotes the code, and the error that the
// language server reports for it.
import { service } from "restate-connect/ingress";
import * as node from "restate-connect/node";
import * as web from "restate-connect/web";
import type { AccountsClient } from "../../generated/org/example/accounts_restate.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import type { CounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient, type GreeterClient } from "../../generated/org/example/greeter_restate.ts";

declare const greeter: GreeterClient;
declare const counter: CounterClient;
declare const accounts: AccountsClient;
const baseUrl = "http://localhost:8080";

// ## A misspelt field
// Fix: the name in the proto file, in camelCase.
// @ts-expect-error
await greeter.greet({ nam: "Pete" });

// ## A misspelt method
// Fix: the name that the message suggests: `Greet` of the proto file is `greet` in the client.
// @ts-expect-error
await greeter.great({ name: "Pete" });

// ## No request
// Fix: `greet({})` for a request without fields that are set. Only a request of `google.protobuf.Empty` is left out.
// @ts-expect-error
await greeter.greet();

// ## A number for an int64
// Fix: `1n`. A 64-bit integer is a `bigint`, because a `number` holds 53 bits.
// @ts-expect-error
await counter.add({ counter: "pete", value: 1 });

// ## No key
// Fix: `accounts.key("pete").credit({ cents: 100n })`. The key is not a field of these requests.
// @ts-expect-error
await accounts.credit({ cents: 100n });

// ## The key twice
// Fix: leave the field out: `key("pete")` has set it.
// @ts-expect-error
await counter.key("pete").add({ counter: "pete", value: 1n });

// ## A delay for a call
// Fix: only a send can wait: `greeter.send.greet(…, { delay: 60_000 })`.
// @ts-expect-error
await greeter.greet({ name: "Pete" }, { delay: 60_000 });

// ## The response of a send
// Fix: a send resolves before the handler runs. Wait for the response with `await sent.attach()`.
// @ts-expect-error
(await greeter.send.greet({ name: "Pete" })).greeting;

// ## A forgotten await
// Fix: `(await greeter.greet({ name: "Pete" })).greeting`.
// @ts-expect-error
greeter.greet({ name: "Pete" }).greeting;

// ## A client without a transport
// Fix: `createGreeterClient(createTransport({ baseUrl }))`.
// @ts-expect-error
createGreeterClient(baseUrl);

// ## A transport without a URL
// Fix: `createTransport({ baseUrl: "http://localhost:8080" })`.
// @ts-expect-error
node.createTransport({});

// ## A misspelt option
// Fix: the name that the message suggests.
// @ts-expect-error
node.createTransport({ baseUrl, protocl: "grpc" });

// ## gRPC in a browser
// Fix: leave `protocol` out, or import `restate-connect/node`: `fetch` cannot read the trailers that gRPC needs.
// @ts-expect-error
web.createTransport({ baseUrl, protocol: "grpc" });

// ## A missing handler
// Fix: add the handler that the message names, or run `npx restate-connect scaffold`. Handlers in a variable of the generated
// type `CounterHandlers` get shorter messages.
// @ts-expect-error
service(Counter, { add: () => ({ value: 1n }), get: () => ({ value: 1n }) });

// ## A misspelt handler
// Fix: the name that the message suggests.
// @ts-expect-error
service(Greeter, { gret: () => ({ greeting: "Hello" }) });

// ## A wrong field in a response
// Fix: the name in the proto file, in camelCase.
// @ts-expect-error
service(Greeter, { greet: () => ({ greting: "Hello" }) });

// ## A response of a wrong type
// Fix: a value of the field's type.
// @ts-expect-error
service(Greeter, { greet: () => ({ greeting: 42 }) });
