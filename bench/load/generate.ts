// The process of our own load generator: answers "run" with what it did.
import { setTimeout as sleep } from "node:timers/promises";
import { announce } from "../measure/announce.ts";
import type { Load, LoadAmount } from "./load.ts";
import { openRawHttp1 } from "./raw-http1.ts";
import { openRawHttp2 } from "./raw-http2.ts";

export interface GenerateOptions extends Omit<Load, "request"> {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In base64: questions are JSON. */
  readonly body: string;
  readonly amount: LoadAmount;
}

export interface Generated {
  readonly requests: number;
  readonly seconds: number;
  readonly generatorShare: number;
}

announce({}, { run });

async function run(options: GenerateOptions): Promise<Generated> {
  const { url, path, headers, httpVersion, connections, streams, answerBytes, amount } = options;
  const { connectionsPerSecond = Number.POSITIVE_INFINITY } = options;
  const body = Buffer.from(options.body, "base64");
  const http =
    httpVersion === "1.1"
      ? openRawHttp1(url + path, headers, body)
      : openRawHttp2(url + path, headers, body, connections);
  const started = performance.now();
  const end = "seconds" in amount ? started + amount.seconds * 1_000 : Number.POSITIVE_INFINITY;
  const clients = connections * streams;
  // Each makes its share, so that those that start late make theirs.
  const share = "requests" in amount ? Math.ceil(amount.requests / clients) : Number.POSITIVE_INFINITY;
  let requests = 0;
  const client = async (number: number): Promise<void> => {
    await sleep((Math.floor(number / streams) / connectionsPerSecond) * 1_000);
    for (let made = 0; made < share && performance.now() < end; made++) {
      const bytes = await http.request();
      if (answerBytes !== undefined && bytes !== answerBytes) {
        throw new Error(`an answer has ${bytes} bytes instead of ${answerBytes}`);
      }
      requests += 1;
    }
  };
  const before = process.cpuUsage();
  try {
    await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  } finally {
    http.close();
  }
  const { user, system } = process.cpuUsage(before);
  const milliseconds = performance.now() - started;
  return {
    requests,
    seconds: milliseconds / 1_000,
    generatorShare: (user + system) / 1_000 / milliseconds,
  };
}
