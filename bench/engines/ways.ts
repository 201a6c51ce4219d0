import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as sdk from "@restatedev/restate-sdk-clients";
import { createTransport } from "restate-connect/node";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { runCli, startCli } from "../../test/support/cli.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startRestate } from "../../test/support/restate-server.ts";

/** One way to the same handler. Each process is its own, as in use. */
export interface Way {
  readonly name: string;
  call(): Promise<unknown>;
  send(): Promise<unknown>;
}

const services = "examples/services.ts";
const request = { name: "Ada" };

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
  const endpointPort = String(await freePort());
  const endpoint = started.use(startCli("serve", services, "--as-endpoint", "--port", endpointPort));
  await endpoint.printed(/Ctrl-C/);
  await runCli("register", server.adminUrl, "--endpoint", `http://127.0.0.1:${endpointPort}`);
  const ingress = async (...args: readonly string[]) => {
    const cli = started.use(startCli("serve", services, "--port", "0", "--admin-port", "0", ...args));
    const [, url = ""] = await cli.printed(/ingress\s+(http:\S+)/);
    return { url, pid: cli.child.pid };
  };
  const data = mkdtempSync(join(tmpdir(), "bench-engines-"));
  started.defer(() => rmSync(data, { recursive: true, force: true }));
  const embedded = await ingress("--data", data);
  const onRestate = await ingress(
    ...["--engine", "restate", "--restate-ingress", server.ingressUrl, "--restate-admin", server.adminUrl],
  );
  const theirs = sdk.connect({ url: server.ingressUrl });
  const definition = { name: "org.example.Greeter" } as const;
  const theirCalls = theirs.serviceClient<TheirGreeter>(definition);
  const theirSends = theirs.serviceSendClient<TheirGreeter>(definition);
  const ways: readonly Way[] = [
    typed("embedded", { baseUrl: embedded.url }),
    typed("ingress → Restate", { baseUrl: onRestate.url }),
    typed("client → Restate", { baseUrl: server.ingressUrl, protocol: "restate" }),
    typed("client → Restate, HTTP/2", {
      baseUrl: server.ingressUrl,
      protocol: "restate",
      httpVersion: "2",
    }),
    {
      name: "restate-sdk-clients",
      call: async () => await theirCalls.Greet(request),
      send: async () => await theirSends.Greet(request),
    },
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

function typed(name: string, options: Parameters<typeof createTransport>[0]): Way {
  const greeter = createGreeterClient(createTransport(options));
  return { name, call: () => greeter.greet(request), send: () => greeter.send.greet(request) };
}
