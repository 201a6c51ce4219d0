import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import * as sdk from "@restatedev/restate-sdk-clients";
import { createTransport } from "restate-connect/node";
import { InvokeRequestSchema } from "../../generated/dev/restate/services_pb.ts";
import { GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { runCli, startCli } from "../../test/support/cli.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startRestate } from "../../test/support/restate-server.ts";
import { rawClient } from "./raw-post.ts";

/** One way to the same handler. Each process is its own, as in use. */
export interface Way {
  readonly name: string;
  /** The name of the way that this one is compared with, which differs from it in what is measured only. */
  readonly baseline: string;
  call(): Promise<unknown>;
  send(): Promise<unknown>;
}

const services = "examples/services.ts";
const request = { name: "Ada" };
const bytes = toBinary(GreetRequestSchema, create(GreetRequestSchema, request));
const invokeBytes = toBinary(
  InvokeRequestSchema,
  create(InvokeRequestSchema, {
    service: "org.example.Greeter",
    method: "Greet",
    argument: { case: "pb", value: bytes },
  }),
);

/** The service as their client wants it: the type of its handlers. */
interface TheirGreeter {
  Greet(ctx: unknown, request: { name: string }): Promise<{ greeting: string }>;
}

/** The ways, and the processes behind them by what they do. */
export interface Ways extends AsyncDisposable {
  readonly ways: readonly Way[];
  readonly pids: Readonly<Record<"server" | "endpoint" | "embedded" | "ingress", number | undefined>>;
}

/** Starts all that the ways need. Disposing of it ends every process. */
export async function startWays(partitions = 1): Promise<Ways> {
  await using started = new AsyncDisposableStack();
  const server = await startRestate({ partitions });
  started.defer(() => server.stop());
  // The SDK writes a line for each step of each invocation.
  process.env.RESTATE_LOGGING = "ERROR";
  const endpointPort = String(await freePort());
  const endpoint = started.use(startCli("serve", services, "--as-endpoint", "--port", endpointPort));
  await endpoint.printed(/Ctrl-C/);
  await runCli("register", server.adminUrl, "--endpoint", `http://127.0.0.1:${endpointPort}`);
  const ingress = async (...args: readonly string[]) => {
    const cli = started.use(startCli("serve", services, "--port", "0", "--admin-port", "0", ...args));
    const [, url = ""] = await cli.printed(/ingress\s+(http:\S+)/);
    return { url, pid: cli.child.pid };
  };
  const data = mkdtempSync(join(tmpdir(), "bench-restate-"));
  started.defer(() => rmSync(data, { recursive: true, force: true }));
  const embedded = await ingress("--data", data);
  const onRestate = await ingress(
    ...["--engine", "restate", "--restate-ingress", server.ingressUrl, "--restate-admin", server.adminUrl],
  );
  const raw = (url: string) => started.use(rawClient(url));
  const ways: readonly Way[] = [
    rawRestate("raw → Restate", raw(server.ingressUrl)),
    rawIngress("raw → ingress → Restate", raw(onRestate.url)),
    rawIngress("raw → embedded", raw(embedded.url)),
    theirs("restate-sdk-clients → Restate", server.ingressUrl),
    typed("client → Restate", { baseUrl: server.ingressUrl, protocol: "restate" }),
    typed("client, HTTP/2 → Restate", {
      baseUrl: server.ingressUrl,
      protocol: "restate",
      httpVersion: "2",
    }),
    typed("client → ingress → Restate", { baseUrl: onRestate.url }),
    typed("client → embedded", { baseUrl: embedded.url }),
  ];
  const everything = started.move();
  const pids = {
    server: server.pid(),
    endpoint: endpoint.child.pid,
    embedded: embedded.pid,
    ingress: onRestate.pid,
  };
  return { ways, pids, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

type Raw = ReturnType<typeof rawClient>;

/** The same load in front of Restate itself, and of ingresses: the difference is the ingress. */
function rawRestate(name: string, client: Raw): Way {
  return {
    name,
    baseline: name,
    call: client.post({ path: "/org.example.Greeter/Greet", headers: {}, body: bytes }),
    send: client.post({ path: "/org.example.Greeter/Greet/send", headers: {}, body: bytes }),
  };
}

function rawIngress(name: string, client: Raw): Way {
  const headers = { "connect-protocol-version": "1" };
  return {
    name,
    baseline: "raw → Restate",
    call: client.post({ path: "/org.example.Greeter/Greet", headers, body: bytes }),
    send: client.post({ path: "/dev.restate.Ingress/Invoke", headers, body: invokeBytes }),
  };
}

function theirs(name: string, url: string): Way {
  const client = sdk.connect({ url });
  const definition = { name: "org.example.Greeter" } as const;
  const calls = client.serviceClient<TheirGreeter>(definition);
  const sends = client.serviceSendClient<TheirGreeter>(definition);
  return {
    name,
    baseline: name,
    call: async () => await calls.Greet(request),
    send: async () => await sends.Greet(request),
  };
}

function typed(name: string, options: Parameters<typeof createTransport>[0]): Way {
  const greeter = createGreeterClient(createTransport(options));
  return {
    name,
    baseline: "restate-sdk-clients → Restate",
    call: () => greeter.greet(request),
    send: () => greeter.send.greet(request),
  };
}
