import type { DatabaseSync } from "node:sqlite";

/** Every statement of the store but the list's, prepared once. Numbers in them are `states` of protocol.ts. */
export type Statements = ReturnType<typeof prepareStatements>;

const status =
  "seq, id, service, iif(shared = 1, null, key) as lane, state, position, canceled, retention, modified, expires, execute_at as executeAt, invoked_by as invokedBy, awaited";
const run = (body: string): string =>
  `select i.seq, i.turn, i.position, i.id, i.service, i.method, i.key, iif(i.shared = 1, null, i.key) as lane,
          i.state, i.attempts, i.canceled, i.retention, n.headers, ${body} as input
   from invocation i join input n using (seq)`;

/** Inputs up to this size, bytes, wait in memory with their invocation; larger ones are read when it runs. */
export const smallInput = 16_384;

/** Columns and joins of a row for people. */
export const recordColumns = `i.seq, i.id, i.service, i.method, i.key, i.state, i.attempts, i.due, i.created, i.modified,
  i.expires, o.code, o.message, i.invoked_by as invokedBy from invocation i left join output o using (seq)`;

/** Prepares the statements against an opened store. */
export function prepareStatements(db: DatabaseSync) {
  return {
    begin: db.prepare("begin immediate"),
    commit: db.prepare("commit"),
    rollback: db.prepare("rollback"),

    insert: db.prepare(
      `insert into invocation (seq, id, service, method, key, state, turn, position, due, retention, created, modified, invoked_by, shared, execute_at, awaited)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertInput: db.prepare("insert into input (seq, headers, body) values (?, ?, ?)"),
    byId: db.prepare(`select ${status} from invocation where id = ?`),
    /** What the handlers of an invocation wait for, served by invocation_awaited. */
    awaitedBy: db.prepare(
      `select ${status} from invocation where invoked_by = ? and awaited = 1 and state not in (4, 5)`,
    ),
    record: db.prepare(`select ${recordColumns} where i.id = ?`),
    input: db.prepare("select body from input where seq = ?"),
    /** SQLite knows the length of a blob without reading it. */
    outputSize: db.prepare("select ifnull(length(body), 0) as bytes from output where seq = ?"),
    output: db.prepare("select code, message, body, meta from output where seq = ?"),

    /** The live invocation of a key, served by invocation_lock. */
    head: db.prepare(
      `select seq, position from invocation
       where service = ? and key = ? and (state in (2, 3) or state = 6) and key is not null and shared = 0`,
    ),
    /** The next in a key's queue. */
    nextQueued: db.prepare(
      `select seq, position, awaited from invocation where service = ? and key = ? and state = 1 order by position limit 1`,
    ),
    readyPage: db.prepare(
      `${run(`iif(length(n.body) <= ${smallInput}, n.body, null)`)} where i.state = 2 and i.turn > ? and i.turn < ? order by i.turn limit ?`,
    ),
    runRow: db.prepare(`${run("n.body")} where i.seq = ?`),

    makeReady: db.prepare(
      "update invocation set state = 2, turn = ?, position = ?, due = null, modified = ? where seq = ?",
    ),
    makeQueued: db.prepare(
      "update invocation set state = 1, position = ?, due = null, modified = ? where seq = ?",
    ),
    backOff: db.prepare(
      `update invocation set state = 3, turn = null, due = ?, attempts = attempts + 1, modified = ?
       where seq = ? and state = 2 and canceled = 0`,
    ),
    /** Looked at again in time even if nothing it waits for comes: the longer it has been there, the later. */
    suspend: db.prepare(
      `update invocation set state = 6, turn = null, due = ?1 + max(?2, ?1 - created)
       where seq = ?3 and state = 2 and canceled = 0`,
    ),
    bySeq: db.prepare(`select ${status} from invocation where seq = ?`),
    anyWait: db.prepare("select exists (select 1 from wait) as found"),
    insertWait: db.prepare("insert or ignore into wait (seq, waiter) values (?, ?)"),
    waitersFor: db.prepare("select waiter as seq from wait where seq = ?"),
    deleteWaits: db.prepare("delete from wait where seq = ?"),
    markCanceled: db.prepare("update invocation set canceled = 1, modified = ? where seq = ?"),
    finish: db.prepare(
      `update invocation set state = ?, turn = null, due = null, attempts = attempts + ?, modified = ?, expires = ?
       where seq = ? and state not in (4, 5)`,
    ),
    putOutput: db.prepare(
      "insert or replace into output (seq, code, message, body, meta) values (?, ?, ?, ?, ?)",
    ),

    dueNow: db.prepare(
      `select ${status} from invocation where due is not null and due <= ? order by due, seq limit ?`,
    ),
    nextDue: db.prepare("select due from invocation where due is not null order by due, seq limit 1"),
    expired: db.prepare(
      `select ${status} from invocation where expires is not null and expires <= ? order by expires, seq limit ?`,
    ),
    keep: db.prepare("update invocation set expires = ? where seq = ?"),
    deleteInvocation: db.prepare("delete from invocation where seq = ?"),
    deleteInput: db.prepare("delete from input where seq = ?"),
    deleteOutput: db.prepare("delete from output where seq = ?"),

    anyAwakeable: db.prepare("select exists (select 1 from awakeable) as found"),
    insertAwakeable: db.prepare(
      "insert or ignore into awakeable (seq, position, kind, body) values (?, ?, ?, ?)",
    ),
    awakeables: db.prepare("select position, kind, body from awakeable where seq = ? order by position"),
    deleteAwakeables: db.prepare("delete from awakeable where seq = ?"),

    addToTally: db.prepare(
      `insert into tally (service, state, n) values (?, ?, ?)
       on conflict (service, state) do update set n = n + excluded.n`,
    ),
    tally: db.prepare("select service, state, n from tally where n > 0 order by service, state"),

    highWater: db.prepare("select value from meta where name = 'seq'"),
    setHighWater: db.prepare("insert or replace into meta (name, value) values ('seq', ?)"),

    /** Pages in use. */
    size: db.prepare(
      "select (select page_count from pragma_page_count) - (select freelist_count from pragma_freelist_count) as pages",
    ),
    /** Frames in the write-ahead log, without touching it. */
    walState: db.prepare("pragma wal_checkpoint(noop)"),
    checkpoint: db.prepare("pragma wal_checkpoint(passive)"),
  };
}
