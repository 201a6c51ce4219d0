import type { BenchContext, RunPart } from "../context.ts";
import { openRawHttp1, type RawHttp } from "../load/raw-http1.ts";
import { openRawHttp2 } from "../load/raw-http2.ts";
import { greetRequest, type WireRequest } from "../servers/greet-bytes.ts";
import { type Server, startOurs, startServer } from "../servers/start.ts";
import { maxConnections } from "./max-connections.ts";

/** Memory that a connection takes which made one request and is kept open. */
export const measureIdleConnections: RunPart = async (context) => {
  const count = Math.min(context.isQuick ? 500 : 2_000, maxConnections());
  const measurements = [];
  for (const { httpVersion, contender, start } of contenders) {
    context.progress(`${count} idle connections, HTTP/${httpVersion}: ${contender}`);
    const kilobytes: number[] = [];
    for (let round = 0; round < Math.min(context.rounds, maxRounds); round++) {
      await using server = await start(context);
      kilobytes.push((await measure(server, httpVersion, count)) / 1_000);
    }
    const work = `idle connections, HTTP/${httpVersion}`;
    measurements.push({ work, contender, figures: { kilobytesEach: kilobytes } });
  }
  return measurements;
};

const maxRounds = 3;

const contenders: readonly {
  readonly httpVersion: "1.1" | "2";
  readonly contender: string;
  readonly start: (context: BenchContext) => Promise<Server>;
}[] = (["1.1", "2"] as const).flatMap((httpVersion) => [
  {
    httpVersion,
    contender: "raw Node",
    start: (context: BenchContext) => startServer(context, "raw", httpVersion),
  },
  { httpVersion, contender: "ours", start: (context: BenchContext) => startOurs(context) },
  {
    httpVersion,
    contender: "connect-node",
    start: (context: BenchContext) => startServer(context, "connect-node", httpVersion),
  },
]);

/** Bytes for each connection. */
async function measure(server: Server, httpVersion: "1.1" | "2", count: number): Promise<number> {
  const request = greetRequest("connect", "world");
  // The first ones warm the process up: what it allocates once is not of a connection.
  const first = await openIdle(server, httpVersion, request, 100);
  const before = await residentBytes(server);
  const idle = await openIdle(server, httpVersion, request, count);
  const after = await residentBytes(server);
  idle.close();
  first.close();
  return (after - before) / count;
}

async function openIdle(
  server: Server,
  httpVersion: "1.1" | "2",
  { path, headers, body }: WireRequest,
  count: number,
): Promise<RawHttp> {
  const url = server.ready.url + path;
  const http =
    httpVersion === "1.1" ? openRawHttp1(url, headers, body) : openRawHttp2(url, headers, body, count);
  await Promise.all(Array.from({ length: count }, () => http.request()));
  return http;
}

async function residentBytes(server: Server): Promise<number> {
  await server.ask("collect");
  // announce.ts answers "collect" with this.
  return ((await server.ask("collect")) as { readonly residentBytes: number }).residentBytes;
}
