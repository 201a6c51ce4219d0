import type { BenchContext, RunPart } from "../context.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import type { Measurement } from "../report/results.ts";
import { checkGreeting } from "../servers/check-answer.ts";
import { greetRequest } from "../servers/greet-bytes.ts";
import { measureServer } from "../servers/measure-server.ts";
import { type Server, startOurs, startServer } from "../servers/start.ts";

const [kibibyte, mebibyte] = [2 ** 10, 2 ** 20];
const protocols = [
  { protocol: "connect", httpVersion: "1.1", title: "Connect, Protobuf, HTTP/1.1" },
  { protocol: "grpc", httpVersion: "2", title: "gRPC, HTTP/2" },
] as const;

/** Messages of 1 B to 4 MiB, in the request and as many in the answer. */
export const measureMessages: RunPart = async (context) => {
  await using started = new AsyncDisposableStack();
  const servers = {
    ours: started.use(await startOurs(context)),
    "connect-node 1.1": started.use(await startServer(context, "connect-node", "1.1")),
    "connect-node 2": started.use(await startServer(context, "connect-node", "2")),
    "grpc-js": started.use(await startServer(context, "../peers/grpc-js-server")),
  };
  const measurements: Measurement[] = [];
  const all = [1, kibibyte, 64 * kibibyte, mebibyte, 4 * mebibyte];
  for (const size of context.isQuick ? [1, 64 * kibibyte, 4 * mebibyte] : all) {
    await using raw = new AsyncDisposableStack();
    const turns: Turn[] = [];
    for (const { protocol, httpVersion, title } of protocols) {
      const contenders: readonly (readonly [string, Server])[] = [
        ["raw Node", raw.use(await startServer(context, "raw", httpVersion, String(size)))],
        ["ours", servers.ours],
        ["connect-node", servers[`connect-node ${httpVersion}`]],
        ...(protocol === "grpc" ? [["grpc-js", servers["grpc-js"]] as const] : []),
      ];
      for (const [contender, server] of contenders) {
        const measure = await prepare(context, server, { contender, protocol, httpVersion, size });
        turns.push({ work: `${title}, ${size} B`, contender, measure });
      }
    }
    const progress = (line: string) => context.progress(`messages of ${size} B: ${line}`);
    measurements.push(...(await takeTurns(turns, Math.min(context.rounds, maxRounds), progress)));
  }
  return measurements;
};

/** Growth shows in fewer rounds than small differences do. */
const maxRounds = 3;
/** Bytes in all requests of one measurement of large messages. */
const largeBytes = 64 * mebibyte;

async function prepare(
  context: BenchContext,
  server: Server,
  of: {
    readonly contender: string;
    readonly protocol: "connect" | "grpc";
    readonly httpVersion: "1.1" | "2";
    readonly size: number;
  },
): Promise<Turn["measure"]> {
  const { contender, protocol, httpVersion, size } = of;
  const name = "x".repeat(size);
  const answerBytes = await checkGreeting(contender, server.ready.url, { protocol, httpVersion, name });
  const inFlight = size < mebibyte ? 64 : 8;
  const load = {
    httpVersion,
    connections: httpVersion === "2" ? 4 : inFlight,
    streams: httpVersion === "2" ? inFlight / 4 : 1,
    request: greetRequest(protocol, name),
    answerBytes,
  };
  // A second may be too short for a call of megabytes: these are counted.
  const amount =
    size < mebibyte ? { seconds: context.seconds / 2 } : { requests: Math.round(largeBytes / size) };
  return async () => {
    const figures = await measureServer(context, server, load, { amount });
    return { ...figures, megabytesPerSecond: (figures.perSecond * 2 * size) / 1_000_000 };
  };
}
