import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Answer, InvocationRecord, ListQuery } from "./protocol.ts";
import { type RecordRow, rows } from "./sqlite/rows.ts";
import { recordColumns } from "./sqlite/statements.ts";

/** How many invocations one query looks at: a filter that few match must not hold up the commits. */
const scanLimit = 5_000;

/** A page of invocations, the newest first. It may hold fewer than asked for though more follow. */
export function list(db: DatabaseSync, query: ListQuery, isOut: (seq: number) => boolean): Answer {
  const newest = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  const oldest = rows<{ seq: number }>(
    db.prepare("select seq from invocation where seq < ? order by seq desc limit 1 offset ?"),
    newest,
    scanLimit - 1,
  )[0]?.seq;
  const { where, parameters } = filter(query);
  const found = rows<RecordRow>(
    db.prepare(`select ${recordColumns} where i.seq < ? and i.seq >= ? ${where} order by i.seq desc limit ?`),
    newest,
    oldest ?? 0,
    ...parameters,
    query.limit,
  );
  const last = found.at(-1)?.seq;
  return {
    kind: "page",
    records: found.map((row): InvocationRecord => ({ ...row, running: isOut(row.seq) })),
    nextBeforeSeq: (found.length === query.limit ? last : oldest) ?? null,
  };
}

function filter(query: ListQuery): { readonly where: string; readonly parameters: readonly SQLInputValue[] } {
  const conditions: string[] = [];
  const parameters: SQLInputValue[] = [];
  const add = (condition: string, value: SQLInputValue): void => {
    if (value !== null) {
      conditions.push(`and ${condition}`);
      parameters.push(value);
    }
  };
  add("i.service = ?", query.service);
  add("i.method = ?", query.method);
  add("i.key = ?", query.key);
  add("i.created <= ?", query.createdBefore);
  if (query.states !== null) {
    // Numbers of our own, not text of a caller.
    conditions.push(`and i.state in (${query.states.map(Number).join(", ")})`);
  }
  return { where: conditions.join(" "), parameters };
}
