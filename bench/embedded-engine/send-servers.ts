import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { create, toBinary } from "@bufbuild/protobuf";
import { InvokeRequestSchema } from "../../generated/dev/restate/services_pb.ts";
import { GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { runCli, startCli } from "../../test/support/cli.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startRestate } from "../../test/support/restate-server.ts";
import { openRawHttp1 } from "../load/raw-http1.ts";
import { processCpuMicros } from "../measure/process-cpu.ts";
import type { Contender } from "../measure/rounds.ts";

export interface SendServers extends AsyncDisposable {
  /** Ours, theirs. */
  readonly contenders: readonly [Contender, Contender];
}

/** Our ingress and a Restate server, each in its own process, and the same client for both. */
export async function startSendServers(path: string, payload: Uint8Array): Promise<SendServers> {
  await using started = new AsyncDisposableStack();
  const request = toBinary(
    GreetRequestSchema,
    create(GreetRequestSchema, { name: Buffer.from(payload).toString("latin1") }),
  );
  const ours = await startOurs(started, path);
  const theirs = await startTheirs(started);
  const invoke = toBinary(
    InvokeRequestSchema,
    create(InvokeRequestSchema, {
      service: "org.example.Greeter",
      method: "Greet",
      argument: { case: "pb", value: request },
    }),
  );
  const proto = { "content-type": "application/proto" };
  const ourClient = openRawHttp1(`${ours.url}/dev.restate.Ingress/Invoke`, proto, invoke);
  const theirClient = openRawHttp1(`${theirs.url}/org.example.Greeter/Greet/send`, proto, request);
  started.defer(ourClient.close);
  started.defer(theirClient.close);
  const everything = started.move();
  return {
    contenders: [
      { name: "ours", operation: ourClient.request, cpu: () => processCpuMicros(ours.pid) },
      { name: "Restate", operation: theirClient.request, cpu: () => processCpuMicros(theirs.pid()) },
    ],
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function startOurs(started: AsyncDisposableStack, path: string) {
  const script = new URL("./send-server.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [...process.execArgv, script, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.defer(async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });
  const [url] = await once(createInterface(child.stdout), "line");
  return { url: String(url), pid: child.pid };
}

/** It runs one invocation at once, as ours does, so that its handlers cost as little. */
async function startTheirs(started: AsyncDisposableStack) {
  const server = await startRestate({ maxRunning: 1 });
  started.defer(server.stop);
  const port = String(await freePort());
  const endpoint = started.use(
    startCli("serve", "bench/embedded-engine/never.ts", "--as-endpoint", "--port", port),
  );
  await endpoint.printed(/Ctrl-C/);
  const { code, stderr } = await runCli(
    "register",
    server.adminUrl,
    "--endpoint",
    `http://127.0.0.1:${port}`,
  );
  if (code !== 0) {
    throw new Error(`the endpoint was not registered: ${stderr}`);
  }
  return { url: server.ingressUrl, pid: server.pid };
}
