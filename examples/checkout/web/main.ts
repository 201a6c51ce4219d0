import { ConnectError, restateError } from "restate-connect";
import { createTransport } from "restate-connect/web";
import type { Order } from "../gen/shop/v1/orders_pb.js";
import { createOrdersClient } from "../gen/shop/v1/orders_restate.js";

const transport = createTransport({ baseUrl: "http://localhost:8080", retry: true });
// The order survives a reload of the page.
const orderId = localStorage.getItem("orderId") ?? crypto.randomUUID();
localStorage.setItem("orderId", orderId);
const order = createOrdersClient(transport).key(orderId);

// One key for each attempt to pay: a second click, or a retry, joins the first and does not charge again.
let attempt = crypto.randomUUID();

document.forms[0].addEventListener("submit", async (event) => {
  event.preventDefault();
  const card = String(new FormData(document.forms[0]).get("card"));
  try {
    show(await order.pay({ card }, { idempotencyKey: attempt }));
  } catch (reason) {
    if (restateError(reason)?.source === "invocation") {
      attempt = crypto.randomUUID(); // declined, and a key keeps its outcome: the next card needs another key
    }
    tell("#status", ConnectError.from(reason).rawMessage);
  }
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-article]")) {
  const { article, cents } = button.dataset;
  button.addEventListener("click", async () => show(await order.add({ article, cents: BigInt(cents ?? 0) })));
}

show(await order.get());

function show({ articles, totalCents, receipt, isReminded }: Order): void {
  tell("#order", `${articles.join(", ") || "nothing yet"}: ${(Number(totalCents) / 100).toFixed(2)}`);
  tell("#status", receipt !== "" ? `Paid: ${receipt}` : isReminded ? "Do not forget to pay." : "");
}

function tell(selector: string, text: string): void {
  document.querySelector(selector)?.replaceChildren(text);
}
