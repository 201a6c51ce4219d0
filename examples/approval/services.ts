import { service } from "restate-connect/ingress";
import { DecisionSchema, type Expense, Expenses } from "./gen/expenses/v1/expenses_pb.js";

// By the id of the awakeable. It needs no database: after a restart, the handlers that had not finished run again, with
// the same awakeables, and fill it.
const waiting = new Map<string, Expense>();

export default [
  service(Expenses, {
    async request(expense, ctx) {
      const { id, promise } = ctx.awakeable(DecisionSchema);
      waiting.set(id, expense);
      try {
        return await promise;
      } finally {
        waiting.delete(id);
      }
    },

    listWaiting: () => ({
      expenses: [...waiting].map(([awakeableId, expense]) => ({ awakeableId, expense })),
    }),
  }),
];
