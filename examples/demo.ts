// The main job, end to end: starts the reference ingress with the example services, then calls and sends
// with the typed clients over every protocol. `npm run demo` runs it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { embedded } from "restate-connect/engine";
import { createIngress } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { createCounterClient } from "../generated/org/example/counter_restate.ts";
import { createGreeterClient } from "../generated/org/example/greeter_restate.ts";
import services from "./services.ts";

const data = await mkdtemp(join(tmpdir(), "restate-connect-demo-"));
const ingress = createIngress({ services, engine: embedded({ path: data }) });
const { url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
heading(`The reference ingress listens on ${url}, its admin API on ${adminUrl}`);

heading("Call: typed request in, typed response out");
await greet("Connect, binary", createTransport({ baseUrl: url }));
await greet("Connect, JSON", createTransport({ baseUrl: url, format: "json" }));
await greet("gRPC", createTransport({ baseUrl: url, protocol: "grpc" }));
await greet("gRPC-web", createTransport({ baseUrl: url, protocol: "grpc-web" }));

const transport = createTransport({ baseUrl: url });

heading("Send: one way, held by the ingress before the id comes back");
const sent = await createGreeterClient(transport).send.greet({ name: "Pete" });
step("greeter.send.greet", sent.id);
step("sent.attach()", (await sent.attach()).greeting);

heading("Key: one object at a time, and the key leaves the request");
const counter = createCounterClient(transport).key("pete");
await counter.send.add({ value: 40n });
step('counter.key("pete").add', `${(await counter.add({ value: 2n })).value}, after the send before it`);

await ingress.close();
await rm(data, { recursive: true });
heading("Done");

async function greet(label: string, greeterTransport: ReturnType<typeof createTransport>): Promise<void> {
  const { greeting } = await createGreeterClient(greeterTransport).greet({ name: "Pete" });
  step(label, greeting);
}

function heading(text: string): void {
  console.log(styleText("bold", text, { stream: process.stdout }));
}

function step(label: string, result: string): void {
  console.log(`  ${label.padEnd(24)}${styleText("green", result, { stream: process.stdout })}`);
}
