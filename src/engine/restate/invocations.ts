import { Code, ConnectError } from "@connectrpc/connect";
import type { Wait } from "../../http/http.ts";
import type { InvocationInfo } from "../../model/invocation.ts";
import type { ServiceKind } from "../../model/service-kind.ts";
import type { AdminApi } from "../../restate-api/admin-api.ts";
import type { IngressApi } from "../../restate-api/ingress-api.ts";
import type { InvocationCount, InvocationPage, InvocationQuery } from "../engine.ts";
import { columns, infoFromRow, stateOf } from "./invocation-row.ts";
import { listSql, nextPageToken, quoted } from "./list-sql.ts";

/** A Restate server, and the kinds of our services. */
export interface Restate {
  readonly admin: AdminApi;
  readonly ingress: IngressApi;
  readonly kinds: ReadonlyMap<string, ServiceKind>;
}

/** What Restate knows of an invocation. */
export async function getInvocation(
  { admin, ingress, kinds }: Restate,
  id: string,
  wait: Wait,
): Promise<InvocationInfo | undefined> {
  const sql = `SELECT ${columns} FROM sys_invocation WHERE id = ${quoted(id)}`;
  const rows = await admin.query(sql, wait).catch(async (reason: unknown) => {
    if (ConnectError.from(reason).code !== Code.Unavailable) {
      await refuseMalformedId(ingress, id, wait);
    }
    throw reason;
  });
  return rows[0] === undefined ? undefined : infoFromRow(rows[0], kinds);
}

/** A query with a malformed id fails like any other broken one; the ingress tells ids from nonsense. */
async function refuseMalformedId(ingress: IngressApi, id: string, wait: Wait): Promise<void> {
  try {
    await ingress.output(id, { header: {}, ...wait });
  } catch (reason) {
    if (ConnectError.from(reason).code === Code.InvalidArgument) {
      throw reason;
    }
  }
}

/** A page of invocations, the newest first. */
export async function listInvocations(
  admin: AdminApi,
  kinds: ReadonlyMap<string, ServiceKind>,
  query: InvocationQuery,
  wait: Wait,
): Promise<InvocationPage> {
  const rows = await admin.query(listSql(query, kinds, Date.now()), wait);
  const invocations = rows.slice(0, query.pageSize).map((row) => infoFromRow(row, kinds));
  const last = invocations.at(-1);
  return rows.length > query.pageSize && last !== undefined
    ? { invocations, nextPageToken: nextPageToken(last) }
    : { invocations };
}

/** How many invocations each service has in each of our states, of which some are several of Restate's. */
export async function countInvocations(admin: AdminApi, wait: Wait): Promise<readonly InvocationCount[]> {
  const rows = await admin.query(
    "SELECT target_service_name, status, completion_result, count(*) AS n FROM sys_invocation GROUP BY 1, 2, 3",
    wait,
  );
  const counts = new Map<string, InvocationCount>();
  for (const row of rows) {
    const service = String(row.target_service_name);
    const state = stateOf(row);
    const key = `${service} ${state}`;
    counts.set(key, { service, state, count: (counts.get(key)?.count ?? 0) + Number(row.n) });
  }
  return [...counts.values()];
}
