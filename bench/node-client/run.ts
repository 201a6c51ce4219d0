import type { BenchContext, RunPart } from "../context.ts";
import { type Child, startChild } from "../measure/child.ts";
import type { LoopResult } from "../measure/closed-loop.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { startServer } from "../servers/start.ts";
import type { ClientOptions } from "./clients.ts";

const inFlight = 32;

const works = [
  { work: "Connect, HTTP/1.1", protocol: "connect", httpVersion: "1.1" },
  { work: "Connect, HTTP/2", protocol: "connect", httpVersion: "2" },
  { work: "gRPC, HTTP/2", protocol: "grpc", httpVersion: "2" },
  { work: "gRPC-web, HTTP/1.1", protocol: "grpc-web", httpVersion: "1.1" },
  { work: "gRPC-web, HTTP/2", protocol: "grpc-web", httpVersion: "2" },
] as const;

/**
 * Typed unary calls from Node, 32 in flight: the client's own CPU time for each. The server answers with bytes
 * made beforehand, and has the other core to itself.
 */
export const run: RunPart = async (context) => {
  await using started = new AsyncDisposableStack();
  const http1 = started.use(await startServer(context, "raw", "1.1"));
  const http2 = started.use(await startServer(context, "raw", "2"));
  const turns: Turn[] = [];
  for (const { work, ...of } of works) {
    const { url } = (of.httpVersion === "1.1" ? http1 : http2).ready;
    const contenders = ["raw Node", "ours", "connect-node"] as const;
    for (const contender of of.protocol === "grpc" ? ([...contenders, "grpc-js"] as const) : contenders) {
      const client = started.use(await startClient(context, { ...of, contender, url }));
      context.progress(`${work}: warming up ${contender}`);
      await client.ask("warm-up", context.isQuick ? 2_000 : 5_000);
      turns.push({ work, contender, measure: () => loop(client, context.seconds / 2) });
    }
  }
  return await takeTurns(turns, context.rounds, context.progress);
};

/** Starts a client, and checks what it makes of an answer. */
async function startClient({ cores }: BenchContext, options: ClientOptions): Promise<Child<object>> {
  const script = new URL("./client.ts", import.meta.url);
  const client = await startChild<object>(script, { core: cores?.load, args: [JSON.stringify(options)] });
  const greeting = await client.ask("greet");
  if (greeting !== "Hello world") {
    throw new Error(`${options.contender}, ${options.protocol}: a call gave ${JSON.stringify(greeting)}`);
  }
  return client;
}

async function loop(client: Child<object>, seconds: number) {
  // client.ts answers "loop" with this.
  const { perSecond, cpuMicros } = (await client.ask("loop", { inFlight, seconds })) as LoopResult;
  return { perSecond, cpuMicros };
}
