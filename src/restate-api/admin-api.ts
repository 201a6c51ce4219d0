import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpClient, HttpRequest, Wait } from "../http/http.ts";
import type { CancelMode } from "../model/invocation.ts";
import { contentTypes } from "../wire/payload.ts";
import { codeFromRestateStatus } from "./terminal-error.ts";

/** The admin API of Restate 1.x, as far as we need it. */
export interface AdminApi {
  /** Ends an invocation, or forgets it. One that has ended already is left as it is. */
  end(id: string, mode: CancelMode | "purge", wait: Wait): Promise<void>;
  /** Runs a SQL query on Restate's tables. Columns that are null are missing in their rows. */
  query(sql: string, wait: Wait): Promise<readonly Row[]>;
}

export type Row = Readonly<Record<string, string | number | undefined>>;

/** The admin API that a client leads to. */
export function adminApi(http: HttpClient): AdminApi {
  return {
    async end(id, mode, { signal, limit }) {
      const path = `/invocations/${encodeURIComponent(id)}/${mode}`;
      const { status, body } = await http({ method: "PATCH", path, header: {}, signal, limit });
      if (status === 409 && mode !== "purge") {
        return; // It has ended.
      }
      if (status >= 300) {
        throw adminError(path, status, body, mode === "purge" && status === 409);
      }
    },
    async query(sql, wait) {
      const request: HttpRequest = {
        method: "POST",
        path: "/query",
        header: { accept: contentTypes.json },
        body: {
          contentType: contentTypes.json,
          bytes: new TextEncoder().encode(JSON.stringify({ query: sql })),
        },
        ...wait,
      };
      const { status, body } = await http(request);
      if (status >= 300) {
        throw adminError("/query", status, body, false);
      }
      return (JSON.parse(new TextDecoder().decode(body)) as { rows: Row[] }).rows;
    },
  };
}

function adminError(path: string, status: number, body: Uint8Array, hasNotEnded: boolean): ConnectError {
  const code = hasNotEnded ? Code.FailedPrecondition : codeFromRestateStatus(status);
  return new ConnectError(`Restate's admin API, ${path}: ${messageIn(body) ?? `HTTP ${status}`}`, code);
}

function messageIn(body: Uint8Array): string | undefined {
  try {
    return (JSON.parse(new TextDecoder().decode(body)) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
