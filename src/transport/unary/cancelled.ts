/**
 * Restate 0.x spells the Connect code `canceled` with two l's, which a stock client does not know. The error
 * body in the spelling of the Connect protocol.
 */
export function respellCancelled(body: string): string {
  return body.replace(/("code"\s*:\s*)"cancelled"/, '$1"canceled"');
}
