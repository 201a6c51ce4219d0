/**
 * Restate 0.x spells the Connect code `canceled` with two l's and answers it with HTTP 408. A stock
 * client knows neither and reports `unknown`. True for an answer that may be one.
 */
export function mayBeCancelled(status: number, header: Headers): boolean {
  return status === 408 && header.get("content-type")?.startsWith("application/json") === true;
}

/** The error body of such an answer in the spelling of the Connect protocol. */
export function respellCancelled(body: string): string {
  return body.replace(/("code"\s*:\s*)"cancelled"/, '$1"canceled"');
}
