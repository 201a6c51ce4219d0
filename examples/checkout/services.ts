import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { invocation } from "restate-connect";
import { service } from "restate-connect/ingress";
import { Orders } from "./gen/shop/v1/orders_pb.js";
import { createOrdersClient } from "./gen/shop/v1/orders_restate.js";
import { charge } from "./payment.ts";
import { load, save } from "./store.ts";

const reminderDelay = Number(process.env.REMINDER_DELAY_MS ?? 24 * 60 * 60 * 1000);

export default [
  service(Orders, {
    async add({ orderId, article, cents }, ctx) {
      const order = load(orderId);
      if (order.receipt !== "") {
        throw new ConnectError("the order is paid", Code.FailedPrecondition);
      }
      if (order.reminderId === "") {
        const orders = ctx.client(createOrdersClient);
        const reminder = await orders.key(orderId).send.remind({}, { delay: reminderDelay });
        order.reminderId = reminder.id;
      }
      order.articles.push(article);
      order.totalCents += cents;
      save(order);
      return order;
    },

    get: ({ orderId }) => load(orderId),

    async pay({ orderId, card }, ctx) {
      const order = load(orderId);
      if (order.articles.length === 0) {
        throw new ConnectError("the order is empty", Code.FailedPrecondition);
      }
      if (order.receipt !== "") {
        return order;
      }
      order.receipt = await charge(ctx.invocationId, card, order.totalCents);
      save(order);
      if (!order.isReminded) {
        // Restate forgets what has run after a day: only a reminder that has not run can be cancelled.
        await ctx.client((transport) => invocation(transport, order.reminderId, EmptySchema)).cancel();
      }
      return order;
    },

    remind({ orderId }) {
      const order = load(orderId);
      if (order.receipt !== "") {
        return; // it was already waiting behind the payment, too late to cancel
      }
      console.log(`reminder: order ${orderId} is not paid`);
      order.isReminded = true;
      save(order);
    },
  }),
];
