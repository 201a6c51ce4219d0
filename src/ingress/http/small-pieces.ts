import type { Exchange } from "./exchange.ts";

/** A shorter piece of a body is small, bytes: it costs more to take than to send. */
const smallBytes = 256;

/** How many small pieces of bodies a connection may send in a second. */
const maxPerSecond = 20_000;

interface Count {
  since: number;
  pieces: number;
}

const counts = new WeakMap<object, Count>();

/**
 * Counts a piece of a body as it came: a DATA frame of HTTP/2, a chunk of HTTP/1.1. Closes a connection that sends too
 * many small pieces: a client that sends a body byte by byte, as fast as it can, keeps the event loop busy with 250,000
 * pieces a second, and everybody else waits. The first piece of a body is not counted: a small request has but one.
 */
export function countPiece(exchange: Exchange, bytes: number): void {
  if (bytes < smallBytes && isOneTooMany(exchange.connection)) {
    exchange.resetConnection();
  }
}

function isOneTooMany(connection: object): boolean {
  const now = performance.now();
  const count = counts.get(connection);
  if (count === undefined || now - count.since > 1_000) {
    counts.set(connection, { since: now, pieces: 1 });
    return false;
  }
  count.pieces += 1;
  return count.pieces > maxPerSecond;
}
