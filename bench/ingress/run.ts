import type { RunPart } from "../context.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { checkGreeting } from "../servers/check-answer.ts";
import { greetRequest } from "../servers/greet-bytes.ts";
import { measureServer, noteGeneratorShare, warmUp } from "../servers/measure-server.ts";
import { type Server, startOurs, startServer } from "../servers/start.ts";
import { type Work, works } from "./works.ts";

/** Plain calls of Greet through the ingress and its peers. */
export const run: RunPart = async (context) => {
  await using started = new AsyncDisposableStack();
  const start = async (server: Promise<Server>) => started.use(await server);
  const ours = await start(startOurs(context));
  const grpcJs = await start(startServer(context, "../peers/grpc-js-server"));
  const raw = {
    "1.1": await start(startServer(context, "raw", "1.1")),
    "2": await start(startServer(context, "raw", "2")),
  };
  const connectNode = {
    "1.1": await start(startServer(context, "connect-node", "1.1")),
    "2": await start(startServer(context, "connect-node", "2")),
  };
  const turns: Turn[] = [];
  for (const work of works) {
    const contenders: readonly (readonly [string, Server])[] = [
      ["raw Node", raw[work.httpVersion]],
      ["ours", ours],
      ["connect-node", connectNode[work.httpVersion]],
      ...(work.protocol === "grpc" ? [["grpc-js", grpcJs] as const] : []),
    ];
    for (const [contender, server] of contenders) {
      const answerBytes = await check(contender, server.ready.url, work);
      const load = { ...work, request: greetRequest(work.protocol, "world"), answerBytes };
      context.progress(`${work.name}: warming up ${contender}`);
      await warmUp(context, server, load);
      turns.push({ work: work.name, contender, measure: () => measureServer(context, server, load) });
    }
  }
  const measurements = await takeTurns(turns, context.rounds, context.progress);
  noteGeneratorShare(
    context,
    measurements.flatMap(({ figures }) => figures.generatorShare ?? []),
  );
  return measurements;
};

/** Other names than the one of the load too, where the answer is not made beforehand. */
async function check(contender: string, url: string, work: Work): Promise<number> {
  for (const name of contender === "raw Node" ? [] : ["Ada", "Ädä ✓", "x".repeat(3_000)]) {
    await checkGreeting(contender, url, { ...work, name });
  }
  return checkGreeting(contender, url, { ...work, name: "world" });
}
