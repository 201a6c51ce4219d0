import { awakeables } from "restate-connect";
import { createTransport } from "restate-connect/web";
import { DecisionSchema, type WaitingExpense } from "../gen/expenses/v1/expenses_pb.js";
import { createExpensesClient } from "../gen/expenses/v1/expenses_restate.js";

const transport = createTransport({ baseUrl: "http://localhost:8080" });
const expenses = createExpensesClient(transport);

async function refresh(): Promise<void> {
  const response = await expenses.listWaiting();
  document.querySelector("ul")?.replaceChildren(...response.expenses.map(item));
}

function item({ awakeableId, expense }: WaitingExpense): HTMLElement {
  const decide = async (isApproved: boolean): Promise<void> => {
    const decidedBy = document.querySelector("input")?.value;
    await awakeables(transport).resolve(awakeableId, DecisionSchema, { isApproved, decidedBy });
    await refresh();
  };
  const element = document.createElement("li");
  element.append(
    `${expense?.purpose}, ${Number(expense?.cents) / 100} `,
    button("Approve", () => decide(true)),
    button("Reject", () => decide(false)),
  );
  return element;
}

function button(text: string, onClick: () => void): HTMLElement {
  const element = document.createElement("button");
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

setInterval(refresh, 1_000);
await refresh();
