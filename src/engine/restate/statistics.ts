import type { Wait } from "../../http/http.ts";
import type { AdminApi } from "../../restate-api/admin-api.ts";
import type { EngineStatistics } from "../engine.ts";
import { statusOf } from "./invocation-row.ts";

/** What Restate's tables say of how full it is. They do not have the size of its store. */
export async function readStatistics(admin: AdminApi, wait: Wait): Promise<EngineStatistics> {
  const [oldest, queues] = await Promise.all([
    admin.query(`SELECT min(created_at) AS created_at FROM sys_invocation WHERE ${statusOf.pending}`, wait),
    admin.query(
      "SELECT service_name, service_key, count(*) AS length FROM sys_inbox GROUP BY 1, 2 ORDER BY length DESC LIMIT 1",
      wait,
    ),
  ]);
  const createdAt = oldest[0]?.created_at;
  const queue = queues[0];
  return {
    ...(createdAt === undefined ? {} : { oldestPendingAt: new Date(createdAt) }),
    ...(queue === undefined
      ? {}
      : {
          longestQueue: {
            service: String(queue.service_name),
            key: String(queue.service_key),
            length: Number(queue.length),
          },
        }),
    unknown: ["store_bytes"],
  };
}
