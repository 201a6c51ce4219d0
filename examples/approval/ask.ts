import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError } from "restate-connect";
import { createTransport } from "restate-connect/node";
import type { Decision } from "./gen/expenses/v1/expenses_pb.js";
import { createExpensesClient } from "./gen/expenses/v1/expenses_restate.js";

const transport = createTransport({ baseUrl: "http://localhost:8080", retry: true });
const expenses = createExpensesClient(transport);

const [purpose = "a chair", cents = "12900"] = process.argv.slice(2);
const sent = await expenses.send.request({ purpose, cents: BigInt(cents) });
console.log(`${sent.id} waits for a decision`);

const { isApproved, decidedBy } = await decision();
console.log(`${purpose}: ${isApproved ? "approved" : "rejected"} by ${decidedBy}`);

/** A decision may take days: attaches again whenever the server or the connection was lost meanwhile. */
async function decision(): Promise<Decision> {
  for (;;) {
    try {
      return await sent.attach();
    } catch (reason) {
      if (ConnectError.from(reason).code !== Code.Unavailable) {
        throw reason;
      }
      await sleep(1_000);
    }
  }
}
