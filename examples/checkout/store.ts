import { DatabaseSync } from "node:sqlite";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Order, OrderSchema } from "./gen/shop/v1/orders_pb.js";

const database = new DatabaseSync("orders.sqlite");
database.exec("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT");
const select = database.prepare("SELECT message FROM orders WHERE id = ?");
const upsert = database.prepare("INSERT OR REPLACE INTO orders VALUES (?, ?)");

// Handlers of a KEYED service run one at a time for each order: they read, change and write without a lock.
export function load(id: string): Order {
  const row = select.get(id);
  return row === undefined ? create(OrderSchema, { id }) : fromBinary(OrderSchema, row.message as Uint8Array);
}

export function save(order: Order): void {
  upsert.run(order.id, toBinary(OrderSchema, order));
}
