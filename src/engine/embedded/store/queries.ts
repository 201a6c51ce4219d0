import type { SQLInputValue } from "node:sqlite";
import type {
  InvocationRecord,
  ListQuery,
  ReadCommand,
  StoredCompletion,
  StoreResponse,
} from "./protocol.ts";
import { unknownId } from "./refusals.ts";
import { first, type RecordRow, rows, type StatusRow } from "./sqlite/rows.ts";
import { recordColumns } from "./sqlite/statements.ts";
import { isExpired, loadOutcome } from "./stored-outcome.ts";
import type { Store } from "./transaction.ts";

/** Invocations that one query looks at: a filter that few match must not hold up the commits. */
const scanLimit = 5_000;

/** The text of one page, characters: keys and messages of failures can be long. */
const pageCharacters = 2 ** 20;

/** Answers a query, after the batch it came with is on disk. */
export function runQuery(store: Store, command: ReadCommand): StoreResponse {
  switch (command.op) {
    case "load-outcome":
      return outcomeResponse(store, command);
    case "load-awakeable": {
      const { seq, index } = command;
      const completion = first<StoredCompletion>(store.statements.awakeable, { seq, index });
      return { kind: "awakeable", completion: completion ?? null };
    }
    case "get": {
      const row = first<RecordRow>(store.statements.record, { id: command.id });
      return row === undefined || isExpired(store, row, Date.now())
        ? unknownId
        : { kind: "record", record: { ...row, isRunning: store.inFlight.has(row.seq) } };
    }
    case "list":
      return listPage(store, command.query);
    case "count":
      return { kind: "counts", counts: rows(store.statements.stateCounts), running: countRunning(store) };
  }
}

function outcomeResponse(
  store: Store,
  { id, isReserved }: ReadCommand & { readonly op: "load-outcome" },
): StoreResponse {
  const row = first<StatusRow>(store.statements.byId, { id });
  if (row === undefined || isExpired(store, row, Date.now())) {
    return unknownId;
  }
  const { seq, expires } = row;
  if (expires === null) {
    return { kind: "outcome", completed: null };
  }
  const size = isReserved ? undefined : first<{ bytes: number }>(store.statements.outputSize, { seq });
  return size !== undefined && size.bytes > 0
    ? { kind: "outcome-size", bytes: size.bytes }
    : { kind: "outcome", completed: loadOutcome(store, seq, expires) };
}

function countRunning({ inFlight }: Store): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  for (const { service } of inFlight.values()) {
    running.set(service, (running.get(service) ?? 0) + 1);
  }
  return running;
}

/** A page of invocations, the newest first. It may hold fewer than asked for though more follow. */
function listPage({ db, inFlight }: Store, query: ListQuery): StoreResponse {
  const newest = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  const oldest = first<{ seq: number }>(
    db.prepare("select seq from invocation where seq < :newest order by seq desc limit 1 offset :offset"),
    { newest, offset: scanLimit - 1 },
  )?.seq;
  const { where, parameters } = filterOf(query);
  const statement = db.prepare(
    `select ${recordColumns} where i.seq < :newest and i.seq >= :oldest ${where} order by i.seq desc limit :limit`,
  );
  const range = { newest, oldest: oldest ?? 0, limit: query.limit, ...parameters };
  const records: InvocationRecord[] = [];
  let characters = 0;
  // Typed like `rows`.
  for (const row of statement.iterate(range) as unknown as Iterable<RecordRow>) {
    records.push({ ...row, isRunning: inFlight.has(row.seq) });
    characters += (row.key?.length ?? 0) + (row.message?.length ?? 0);
    if (characters >= pageCharacters) {
      break;
    }
  }
  const isCut = characters >= pageCharacters;
  const isFull = isCut || records.length === query.limit;
  return {
    kind: "page",
    records,
    nextBeforeSeq: (isFull ? records.at(-1)?.seq : oldest) ?? null,
    isCut,
  };
}

function filterOf(query: ListQuery): {
  readonly where: string;
  readonly parameters: Readonly<Record<string, SQLInputValue>>;
} {
  const conditions: string[] = [];
  const parameters: Record<string, SQLInputValue> = {};
  const add = (condition: string, name: "service" | "method" | "key" | "createdBefore"): void => {
    if (query[name] !== null) {
      conditions.push(`and ${condition} :${name}`);
      parameters[name] = query[name];
    }
  };
  add("i.service =", "service");
  add("i.method =", "method");
  add("i.key =", "key");
  add("i.created <=", "createdBefore");
  if (query.states !== null) {
    // Numbers of our own, not text of a caller.
    conditions.push(`and i.state in (${query.states.map(Number).join(", ")})`);
  }
  return { where: conditions.join(" "), parameters };
}
