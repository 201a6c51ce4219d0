import type { SQLInputValue } from "node:sqlite";
import type { InvocationRecord, ListQuery, StoreResponse } from "./protocol.ts";
import { first, type RecordRow } from "./sqlite/rows.ts";
import { recordColumns } from "./sqlite/statements.ts";
import type { Store } from "./transaction.ts";

/** Invocations that one query looks at: a filter that few match must not hold up the commits. */
const scanLimit = 5_000;

/** The text of one page, characters: keys and messages of failures can be long. */
const pageCharacters = 2 ** 20;

/** How much later an invocation may have been accepted and yet be created earlier, ms: the clock may be set back. */
const clockToleranceMs = 3_600_000;

/** A page of invocations in the order of acceptance, or the other way round. It may hold fewer than asked for though more follow. */
export function listPage(store: Store, query: ListQuery): StoreResponse {
  const { isOldestFirst, behindSeq } = query;
  const order = isOldestFirst ? "asc" : "desc";
  const start = behindSeq ?? (isOldestFirst ? 0 : Number.MAX_SAFE_INTEGER);
  // Those of a handler are few, and have an index of their own.
  const end = query.invokedBy === null ? scanEnd(store, query, start) : undefined;
  const [isBehind, isWithin] = isOldestFirst ? [">", "<="] : ["<", ">="];
  const { where, parameters } = filterOf(query);
  const statement = store.db.prepare(
    `select ${recordColumns} where i.seq ${isBehind} :start and i.seq ${isWithin} :end ${where}
     order by i.seq ${order} limit :limit`,
  );
  const last = isOldestFirst ? Number.MAX_SAFE_INTEGER : 0;
  const range = { start, end: end?.seq ?? last, limit: query.limit, ...parameters };
  const { records, isCut } = readRecords(store, statement.iterate(range) as unknown as Iterable<RecordRow>);
  const isFull = isCut || records.length === query.limit;
  const next = isTooOld(query, end?.created) ? undefined : end?.seq;
  return { kind: "page", records, nextBehindSeq: (isFull ? records.at(-1)?.seq : next) ?? null, isCut };
}

/** The last invocation that one query looks at; undefined if it can look at all that are left. */
function scanEnd(
  { db }: Store,
  { isOldestFirst }: ListQuery,
  start: number,
): { readonly seq: number; readonly created: number } | undefined {
  const [isBehind, order] = isOldestFirst ? [">", "asc"] : ["<", "desc"];
  return first<{ seq: number; created: number }>(
    db.prepare(
      `select seq, created from invocation where seq ${isBehind} :start order by seq ${order} limit 1 offset :offset`,
    ),
    { start, offset: scanLimit - 1 },
  );
}

/** True if nothing behind an invocation that was created at this time can be young enough. */
function isTooOld({ createdAfter, isOldestFirst }: ListQuery, created: number | undefined): boolean {
  return (
    createdAfter !== null &&
    !isOldestFirst &&
    created !== undefined &&
    created < createdAfter - clockToleranceMs
  );
}

function readRecords(
  { inFlight }: Store,
  rows: Iterable<RecordRow>,
): { readonly records: readonly InvocationRecord[]; readonly isCut: boolean } {
  const records: InvocationRecord[] = [];
  let characters = 0;
  for (const row of rows) {
    records.push({ ...row, isRunning: inFlight.has(row.seq) });
    characters += (row.key?.length ?? 0) + (row.message?.length ?? 0);
    if (characters >= pageCharacters) {
      return { records, isCut: true };
    }
  }
  return { records, isCut: false };
}

function filterOf(query: ListQuery): {
  readonly where: string;
  readonly parameters: Readonly<Record<string, SQLInputValue>>;
} {
  const conditions: string[] = [];
  const parameters: Record<string, SQLInputValue> = {};
  const add = (
    condition: string,
    name: "service" | "method" | "key" | "createdBefore" | "createdAfter" | "invokedBy",
  ): void => {
    const value = query[name];
    if (value !== null) {
      conditions.push(`and ${condition} :${name}`);
      parameters[name] = value;
    }
  };
  add("i.service =", "service");
  add("i.method =", "method");
  add("i.key =", "key");
  add("i.created <=", "createdBefore");
  add("i.created >=", "createdAfter");
  add("i.invoked_by =", "invokedBy");
  if (query.states !== null) {
    // Numbers of our own, not text of a caller.
    conditions.push(`and i.state in (${query.states.map(Number).join(", ")})`);
  }
  return { where: conditions.join(" "), parameters };
}
