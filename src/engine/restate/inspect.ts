import type { Wait } from "../../http/http.ts";
import type { FailedAttempt, InvocationDetails } from "../../model/invocation.ts";
import type { HeaderList } from "../../model/outcome.ts";
import type { AdminApi, Row } from "../../restate-api/admin-api.ts";
import { terminalToConnectError } from "../../restate-api/terminal-error.ts";
import { getInvocation, type Restate } from "./invocations.ts";
import { quoted } from "./list-sql.ts";

/** How many failures are told at most, the last ones. */
const maxFailures = 20;
/** How many journal entries are looked at, the last ones. */
const maxEntries = 2_000;

/** Everything that Restate's tables say of an invocation. They do not have the ids of awakeables. */
export async function inspectInvocation(
  restate: Restate,
  id: string,
  wait: Wait,
): Promise<InvocationDetails | undefined> {
  const info = await getInvocation(restate, id, wait);
  if (info === undefined) {
    return undefined;
  }
  const [input, failedAttempts, waitsFor] = await Promise.all([
    readInput(restate.admin, id, wait),
    readFailures(restate.admin, id, wait),
    info.completedAt === undefined ? readWaits(restate.admin, id, wait) : [],
  ]);
  return {
    info,
    ...input,
    failedAttempts,
    awakeables: info.completedAt === undefined ? undefined : [],
    waitsFor,
  };
}

/** The first entry of the journal has the request. Restate writes it once the invocation has begun. */
async function readInput(
  admin: AdminApi,
  id: string,
  wait: Wait,
): Promise<Pick<InvocationDetails, "input" | "headers">> {
  const rows = await admin.query(
    `SELECT entry_json FROM sys_journal WHERE id = ${quoted(id)} AND index = 0`,
    wait,
  );
  const entry = parsed<InputEntry>(rows[0]?.entry_json)?.Command?.Input;
  return {
    input: entry?.payload === undefined ? undefined : Uint8Array.from(entry.payload),
    headers: entry?.headers?.map(({ name, value }): HeaderList[number] => [name, value]),
  };
}

interface InputEntry {
  readonly Command?: {
    readonly Input?: {
      readonly payload?: readonly number[];
      readonly headers?: readonly { readonly name: string; readonly value: string }[];
    };
  };
}

/** Restate notes a failure that is like the one before it once. */
async function readFailures(admin: AdminApi, id: string, wait: Wait): Promise<readonly FailedAttempt[]> {
  const rows = await admin.query(
    `SELECT appended_at, event_json FROM sys_journal_events WHERE id = ${quoted(id)} AND event_type = 'TransientError' ORDER BY appended_at DESC LIMIT ${maxFailures}`,
    wait,
  );
  return rows
    .map(({ appended_at, event_json }): FailedAttempt => {
      const { error_code: code = 500, error_message: message = "" } = parsed<FailureEvent>(event_json) ?? {};
      return {
        failedAt: new Date(appended_at ?? 0),
        code: terminalToConnectError({ code, message, metadata: {} }).code,
        message,
      };
    })
    .reverse();
}

interface FailureEvent {
  readonly error_code?: number;
  readonly error_message?: string;
}

/** Calls and attachments in the journal whose results are not. */
async function readWaits(admin: AdminApi, id: string, wait: Wait): Promise<readonly string[]> {
  const rows = await admin.query(
    `SELECT entry_type, entry_lite_json FROM sys_journal WHERE id = ${quoted(id)} AND index > 0 ORDER BY index DESC LIMIT ${maxEntries}`,
    wait,
  );
  const results = new Set<number | undefined>();
  for (const { entry_lite_json } of rows) {
    results.add(parsed<LiteEntry>(entry_lite_json)?.Notification?.id?.CompletionId);
  }
  return rows.flatMap(({ entry_lite_json }: Row) => {
    const { Call, AttachInvocation } = parsed<LiteEntry>(entry_lite_json)?.Command ?? {};
    const [target, result] =
      Call === undefined
        ? [AttachInvocation?.target?.InvocationId, AttachInvocation?.completion_id]
        : [Call.invocation_id, Call.result_completion_id];
    return target === undefined || results.has(result) ? [] : [target];
  });
}

interface LiteEntry {
  readonly Command?: {
    readonly Call?: { readonly invocation_id?: string; readonly result_completion_id?: number };
    readonly AttachInvocation?: {
      readonly target?: { readonly InvocationId?: string };
      readonly completion_id?: number;
    };
  };
  readonly Notification?: { readonly id?: { readonly CompletionId?: number } };
}

/** Another version of Restate may write other JSON: what cannot be read is unknown. */
function parsed<T>(json: string | number | undefined): Partial<T> | undefined {
  try {
    const value: unknown = JSON.parse(String(json ?? "null"));
    return typeof value === "object" && value !== null ? (value as Partial<T>) : undefined;
  } catch {
    return undefined;
  }
}
