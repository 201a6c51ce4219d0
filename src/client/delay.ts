import { restateHeaders } from "../model/restate-headers.ts";

/**
 * True when the answer to a delayed send shows that the delay was understood. A duplicate is as much: it
 * was taken before, and a Restate server does not tell again when that one is due.
 */
export function confirmsDelay(header: Headers): boolean {
  return (
    header.has(restateHeaders.executionTime) ||
    header.get(restateHeaders.sendStatus) === "previously-accepted"
  );
}
