import { Code, ConnectError } from "@connectrpc/connect";
import type { InvocationInfo } from "../../model/invocation.ts";
import type { ServiceKind } from "../../model/service-kind.ts";
import { toRestateKey } from "../../wire/object-key.ts";
import type { InvocationQuery } from "../engine.ts";
import { columns, statusOf } from "./invocation-row.ts";

/** The query for a page and one more row, which shows whether there is another page. */
export function listSql(
  query: InvocationQuery,
  kinds: ReadonlyMap<string, ServiceKind>,
  now: number,
): string {
  const isAscending = query.oldestFirst === true;
  const order = isAscending ? "ASC" : "DESC";
  const conditions = [
    ...equals("target_service_name", query.service),
    ...equals("target_handler_name", query.method),
    ...keyCondition(query, kinds),
    ...(query.states === undefined || query.states.length === 0
      ? []
      : [`(${query.states.map((state) => statusOf[state]).join(" OR ")})`]),
    ...(query.minAgeMs === undefined ? [] : [`created_at <= ${timestamp(now - query.minAgeMs)}`]),
    ...(query.maxAgeMs === undefined ? [] : [`created_at >= ${timestamp(now - query.maxAgeMs)}`]),
    ...equals("invoked_by_id", query.invokedBy),
    ...(query.pageToken === undefined ? [] : [afterToken(query.pageToken, isAscending)]),
  ];
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return `SELECT ${columns} FROM sys_invocation${where} ORDER BY created_at ${order}, id ${order} LIMIT ${query.pageSize + 1}`;
}

/** Where the page after the one with this last invocation starts. */
export function nextPageToken({ createdAt, id }: InvocationInfo): string {
  return `${createdAt.getTime()}.${id}`;
}

function afterToken(token: string, isAscending: boolean): string {
  const [, ms, id] = /^(\d{1,15})\.(\w+)$/.exec(token) ?? [];
  if (ms === undefined || id === undefined) {
    throw new ConnectError(
      `page_token ${JSON.stringify(token)} is not valid: use the next_page_token of the previous page`,
      Code.InvalidArgument,
    );
  }
  const at = timestamp(Number(ms));
  const isAfter = isAscending ? ">" : "<";
  return `(created_at ${isAfter} ${at} OR (created_at = ${at} AND id ${isAfter} ${quoted(id)}))`;
}

/** The key of a SINGLETON is "" to us and a fixed word to Restate. */
function keyCondition({ service, key }: InvocationQuery, kinds: ReadonlyMap<string, ServiceKind>): string[] {
  const isSingleton = service !== undefined && kinds.get(service) === "singleton";
  return equals("target_service_key", isSingleton ? toRestateKey(key) : key);
}

function equals(column: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${column} = ${quoted(value)}`];
}

/** The last that Restate has: it counts nanoseconds, in 64 bits. */
const lastMs = Date.UTC(2262, 0);

/** A time of ms. Nothing is older than Unix's first, or newer than Restate's last. */
function timestamp(ms: number): string {
  const date = new Date(Math.min(Math.max(ms, 0), lastMs));
  return `CAST('${date.toISOString()}' AS TIMESTAMP)`;
}

/** A string literal of SQL. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
