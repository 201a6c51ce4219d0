import type { RunPart } from "../context.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { checkGreeting } from "../servers/check-answer.ts";
import { greetRequest } from "../servers/greet-bytes.ts";
import { measureServer } from "../servers/measure-server.ts";
import { startOurs, startServer } from "../servers/start.ts";
import { maxConnections } from "./max-connections.ts";

const maxRounds = 2;

/** 1 to 10,000 connections, each with one request at a time. They are opened within the measurement. */
export const measureConnections: RunPart = async (context) => {
  await using started = new AsyncDisposableStack();
  const servers = {
    "raw Node": started.use(await startServer(context, "raw", "1.1")),
    ours: started.use(await startOurs(context)),
    "connect-node": started.use(await startServer(context, "connect-node", "1.1")),
  };
  const most = maxConnections();
  const turns: Turn[] = [];
  for (const connections of context.isQuick ? [1, 1_000] : [1, 10, 100, 1_000, 10_000]) {
    if (connections > most) {
      context.note(`${connections} connections were left out: a process may open ${most} files here.`);
      continue;
    }
    for (const [contender, server] of Object.entries(servers)) {
      const answerBytes = await checkGreeting(contender, server.ready.url, {
        protocol: "connect",
        httpVersion: "1.1",
        name: "world",
      });
      // With many connections: as many requests as give each of them some. More than a server accepts at once
      // would be opened again and again by the system.
      const isMany = connections >= 1_000;
      const amount = isMany ? { requests: 4 * connections } : undefined;
      const request = greetRequest("connect", "world");
      const load = {
        httpVersion: "1.1",
        connections,
        connectionsPerSecond: isMany ? 2_500 : undefined,
        streams: 1,
        request,
        answerBytes,
      } as const;
      turns.push({
        work: `connections: ${connections}`,
        contender,
        measure: async () => {
          try {
            return await measureServer(context, server, load, { amount });
          } catch (error) {
            // On a busy machine connections wait for so long that one end gives up.
            context.note(`${contender} did not answer on all ${connections} connections.`);
            context.progress(String(error));
            return {};
          }
        },
      });
    }
  }
  const rounds = Math.min(context.rounds, maxRounds);
  return await takeTurns(turns, rounds, (line) => context.progress(`connections: ${line}`));
};
