import { type Http1Connection, http1Connection, type Response, resetAmid } from "./http1-connection.ts";
import { http2Connection } from "./http2-connection.ts";
import { leaveAnywhere } from "./leave.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { greetings, type Request, wellFormed } from "./requests.ts";

/** HTTP statuses that a malformed request may get. 500 is not allowed: the server is never at fault. */
const allowed: ReadonlySet<number> = new Set([
  200, 204, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 429, 431, 499, 501, 503, 504,
]);

/** What comes with `text` that shows a fault of the server itself. */
const fault = /internal error|TypeError|RangeError: |at .*\.ts:\d/;

/**
 * Sends malformed requests, each followed by a well-formed one on the same connection, and checks that the
 * first gets a proper answer and the second the right one. Now and then another connection is reset during its
 * requests.
 *
 * @throws Error that shows the request, when one does not.
 */
export async function torment(
  url: string,
  random: Random,
  requests: number,
  httpVersion: "1.1" | "2",
): Promise<void> {
  const open = () => (httpVersion === "2" ? http2Connection(url) : http1Connection(url));
  let connection = await open();
  for (let sent = 0; sent < requests; ) {
    const pairs = Array.from({ length: Math.min(16, requests - sent) }, () => {
      const name = `p${random.int(1e9)}`;
      return { malformed: mutate(random.pick(wellFormed), random), good: random.pick(greetings(name)) };
    });
    sent += await exchange(connection, pairs);
    if (random.chance(0.1)) {
      const requests = pairs.slice(0, 2).flatMap(({ malformed, good }) => [good.request, malformed]);
      await resetAmid(url, requests, random.int(1_000) / 1_000);
    }
    if (random.chance(0.2)) {
      await leaveAnywhere(url, random);
    }
    if (!connection.isOpen || random.chance(0.01)) {
      connection.close();
      connection = await open();
    }
  }
  connection.close();
}

interface Pair {
  readonly malformed: Request;
  readonly good: ReturnType<typeof greetings>[number];
}

/** The number of pairs that were answered: at least one, or the connection was closed without a reason. */
async function exchange(connection: Http1Connection, pairs: readonly Pair[]): Promise<number> {
  const responses = await connection.exchange(
    pairs.flatMap(({ malformed, good }) => [malformed, good.request]),
  );
  let answered = 0;
  for (const [index, { malformed, good }] of pairs.entries()) {
    const [first, second] = [responses[index * 2], responses[index * 2 + 1]];
    check(first !== undefined && allowed.has(first.status) && !fault.test(first.text), malformed, first);
    answered += 1;
    if (first?.closes) {
      break;
    }
    check(second?.status === 200 && second.text.includes(good.answer), good.request, second, malformed);
    if (second?.closes) {
      break;
    }
  }
  return answered;
}

function check(isRight: boolean, request: Request, response: Response | undefined, before?: Request): void {
  if (!isRight) {
    const shown = (one: Request) =>
      JSON.stringify({ ...one, body: one.body.toString("base64").slice(0, 4_000) });
    throw new Error(
      `wrong answer ${response === undefined ? "(none)" : response.text.slice(0, 2_000)}\nto ${shown(request)}` +
        (before === undefined ? "" : `\nafter ${shown(before)}`),
    );
  }
}
