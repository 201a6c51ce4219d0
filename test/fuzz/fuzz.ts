import { type RequestCost, weighCostly } from "./costly.ts";
import { cutResponses } from "./cut-responses.ts";
import { random } from "./random.ts";
import { torment } from "./torment.ts";
import { startTormented } from "./tormented.ts";

/** Results of a run, besides the absence of crashes and wrong answers. */
export interface FuzzReport {
  readonly sent: number;
  /** Memory that the ingress still holds after garbage collection, bytes, at the end of each round. */
  readonly held: readonly number[];
  /** The longest block of the event loop while malformed requests came, ms. */
  readonly blockMs: number;
}

/** What {@link fuzz} showed at its end. */
export interface FuzzResult extends FuzzReport {
  /** What requests cost that are made to cost as much as possible. */
  readonly costs: readonly RequestCost[];
  /** How many responses were cut on their way to our client. */
  readonly cut: number;
}

export interface FuzzOptions {
  /** Malformed requests in all, each followed by a well-formed one. */
  readonly requests: number;
  readonly rounds: number;
  /** The same seed makes the same requests; how they interleave differs. */
  readonly seed: number;
  /** How large the costly requests are, bytes. */
  readonly costlyBytes: number;
  onRound?(report: FuzzReport): void;
}

/**
 * Sends malformed requests to an ingress in a process of its own, over several connections at once.
 *
 * @throws Error when the ingress ends by itself, or that shows the request that was answered wrongly.
 */
export async function fuzz({
  requests,
  rounds,
  seed,
  costlyBytes,
  onRound,
}: FuzzOptions): Promise<FuzzResult> {
  await using server = await startTormented();
  const held: number[] = [];
  let blockMs = 0;
  const share = Math.ceil(requests / rounds);
  // A tenth over HTTP/2: a different parser in Node, with the same decoders behind it.
  const lanes = [
    ...Array.from({ length: 3 }, () => ({ version: "1.1", count: Math.ceil(share * 0.3) }) as const),
    { version: "2", count: Math.ceil(share * 0.1) } as const,
  ];
  const perRound = lanes.reduce((sum, { count }) => sum + count, 0);
  for (let round = 1; round <= rounds; round += 1) {
    const work = lanes.map(({ version, count }, lane) =>
      torment(server.url, random(seed + round * lanes.length + lane), count, version),
    );
    await Promise.race([server.crashed, Promise.all(work)]);
    blockMs = Math.max(blockMs, (await server.cost()).blockMs);
    held.push(await server.memory());
    onRound?.({ sent: perRound * round, held, blockMs });
  }
  const cut = await Promise.race([server.crashed, cutResponses(server.url)]);
  const costs = await Promise.race([server.crashed, weighCostly(server, costlyBytes)]);
  return { sent: perRound * rounds, held, blockMs, cut, costs };
}
