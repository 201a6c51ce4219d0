import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpClient, HttpRequest, HttpResponse, Wait } from "../http/http.ts";
import type { CancelMode } from "../model/invocation.ts";
import { contentTypes } from "../wire/content-types.ts";
import { codeFromRestateStatus } from "./terminal-error.ts";

/** The admin API of Restate 1.x, as far as we need it. */
export interface AdminApi {
  /** Ends an invocation, or forgets it. One that has ended already is left as it is. */
  end(id: string, mode: CancelMode | "purge", wait: Wait): Promise<void>;
  /** Asks an invocation to stop, on a server of 0.7 or later too. */
  cancel(id: string, wait: Wait): Promise<void>;
  /** Runs a SQL query on Restate's tables. Columns that are null are missing in their rows. */
  query(sql: string, wait: Wait): Promise<readonly Row[]>;
}

export type Row = Readonly<Record<string, string | number | undefined>>;

/** The admin API that a client leads to. */
export function adminApi(http: HttpClient): AdminApi {
  return {
    async end(id, mode, { signal, limit }) {
      const path = `/invocations/${encodeURIComponent(id)}/${mode}`;
      accepted(path, await http({ method: "PATCH", path, header: {}, signal, limit }), mode);
    },
    async cancel(id, { signal, limit }) {
      const path = `/invocations/${encodeURIComponent(id)}`;
      const wait = { header: {}, signal, limit };
      const response = await http({ method: "PATCH", path: `${path}/cancel`, ...wait });
      if (!isMissing(response)) {
        accepted(`${path}/cancel`, response, "cancel");
        return;
      }
      // Restate 0.7 and 0.8 have this path instead.
      const older = await http({ method: "DELETE", path: `${path}?mode=cancel`, ...wait });
      if (isMissing(older)) {
        throw new ConnectError(
          `no invocation can be cancelled at adminUrl (HTTP ${older.status} for ${path}): it must be the admin port of an ingress, or of a Restate server from 0.7 on`,
          Code.Unimplemented,
        );
      }
      accepted(path, older, "cancel");
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
        throw adminError("/query", status, body, codeFromRestateStatus(status));
      }
      return (JSON.parse(new TextDecoder().decode(body)) as { rows: Row[] }).rows;
    },
  };
}

/** Throws unless Restate has ended, or forgotten, the invocation. To cancel one that has ended changes nothing. */
function accepted(path: string, { status, body }: HttpResponse, mode: CancelMode | "purge"): void {
  if (status < 300 || (status === 409 && mode !== "purge")) {
    return;
  }
  const code = status === 409 ? Code.FailedPrecondition : codeFromRestateStatus(status);
  throw adminError(path, status, body, code);
}

/** True when the server has no such path. Restate says in JSON that it does not know an invocation. */
function isMissing({ status, body }: HttpResponse): boolean {
  return status === 405 || (status === 404 && messageIn(body) === undefined);
}

function adminError(path: string, status: number, body: Uint8Array, code: Code): ConnectError {
  return new ConnectError(`Restate's admin API, ${path}: ${messageIn(body) ?? `HTTP ${status}`}`, code);
}

function messageIn(body: Uint8Array): string | undefined {
  try {
    return (JSON.parse(new TextDecoder().decode(body)) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
