import { Code, ConnectError } from "@connectrpc/connect";

/**
 * Stands for the API of a payment provider. A handler runs again after a crash, so it gives each payment an id: the
 * provider charges once for each id.
 */
export async function charge(paymentId: string, card: string, cents: bigint): Promise<string> {
  if (card.endsWith("0000")) {
    throw new ConnectError("the card is declined", Code.FailedPrecondition); // terminal: not retried
  }
  console.log(`charged ${cents} cents, payment ${paymentId}`);
  return `receipt-${paymentId}`;
}
