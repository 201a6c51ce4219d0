import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext, RunPart } from "../context.ts";
import { type Child, startChild } from "../measure/child.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { exchange } from "../servers/check-answer.ts";
import { greetRequest, readGreeting } from "../servers/greet-bytes.ts";
import { measureServer, warmUp } from "../servers/measure-server.ts";

const connections = { httpVersion: "1.1", connections: 64, streams: 1 } as const;

interface Started {
  readonly url: string;
  /** From createIngress until it listens, ms. */
  readonly startMs: number;
}

/** The ingress with 1 to 10,000 services: how long it takes to start, its memory, and a call of the last one. */
export const measureServices: RunPart = async (context) => {
  await using started = new AsyncDisposableStack();
  const turns: Turn[] = [];
  for (const count of context.isQuick ? [1, 1_000] : [1, 10, 100, 1_000, 10_000]) {
    context.progress(`${count} services: starting`);
    const server = started.use(await start(context, count));
    const { residentBytes } = (await server.ask("collect")) as { readonly residentBytes: number };
    const request = { ...greetRequest("connect", "world"), path: `/bench.Service${count - 1}/Greet` };
    const { status, body } = await exchange(server.ready.url, "1.1", request);
    if (status !== 200 || readGreeting("connect", body) !== "Hello world") {
      throw new Error(`the last of ${count} services answered HTTP ${status}: ${body}`);
    }
    const load = { ...connections, request, answerBytes: body.length };
    await warmUp(context, server, load);
    turns.push({
      work: `services: ${count}`,
      contender: "ours",
      measure: async () => ({
        ...(await measureServer(context, server, load)),
        startMilliseconds: server.ready.startMs,
        residentMegabytes: residentBytes / 1_000_000,
      }),
    });
  }
  return await takeTurns(turns, Math.min(context.rounds, 3), (line) => context.progress(`services: ${line}`));
};

function start({ cores, directory }: BenchContext, count: number): Promise<Child<Started>> {
  const script = new URL("../servers/many-services.ts", import.meta.url);
  const args = [mkdtempSync(join(directory, "data-")), String(count)];
  return startChild(script, { core: cores?.server, args });
}
