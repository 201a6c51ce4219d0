import type { DatabaseSync } from "node:sqlite";
import { states } from "../protocol.ts";
import { holdsLock, isLive } from "./schema.ts";

/** Every statement of the store except those of lists, prepared once. */
export type Statements = ReturnType<typeof prepareStatements>;

/** Inputs up to this size, bytes, wait in memory with their invocation; larger ones are loaded when they run. */
export const smallInput = 16_384;

const lockKey = "iif(shared = 1, null, key) as lockKey";

/** The columns of a `StatusRow`. */
const status = `seq, id, service, method, ${lockKey}, state, position, canceled, retention, modified, expires,
  execute_at as executeAt, invoked_by as invokedBy, awaited`;

/** The columns of a `RunRow`. SQLite knows the size of a value without reading it. */
const run = `seq, id, service, method, key, ${lockKey}, state, attempts, canceled, retention, headers,
  iif(octet_length(body) <= ${smallInput}, body, null) as input,
  octet_length(body) + ifnull(octet_length(headers), 0) as bytes`;

/** The longest message of a failure that `get` and lists show, characters. */
const shownMessage = 1_000;

/** Columns and joins of a `RecordRow`. */
export const recordColumns = `i.seq, i.id, i.service, i.method, i.key, i.state, i.attempts, i.due, i.created, i.modified,
  i.expires, o.code, substr(o.message, 1, ${shownMessage}) as message, i.invoked_by as invokedBy
  from invocation i left join output o using (seq)`;

/** Prepares the statements against an opened store. */
export function prepareStatements(db: DatabaseSync) {
  return {
    ...transactionStatements(db),
    ...invocationStatements(db),
    ...queueStatements(db),
    ...payloadStatements(db),
    ...maintenanceStatements(db),
  };
}

function transactionStatements(db: DatabaseSync) {
  return {
    begin: db.prepare("begin immediate"),
    commit: db.prepare("commit"),
    totalChanges: db.prepare("select total_changes() as changes"),
    rollback: db.prepare("rollback"),
    highWater: db.prepare("select value from sequence where name = 'seq'"),
    setHighWater: db.prepare("insert or replace into sequence (name, value) values ('seq', :value)"),
  };
}

function invocationStatements(db: DatabaseSync) {
  return {
    insertInvocation: db.prepare(
      `insert into invocation (seq, id, service, method, key, state, rank, position, due, due_in, retention, created,
         modified, invoked_by, shared, execute_at, awaited)
       values (:seq, :id, :service, :method, :key, :state, :rank, :position, :due, :dueIn, :retention, :created,
         :created, :invokedBy, :shared, :executeAt, :awaited)`,
    ),
    byId: db.prepare(`select ${status} from invocation where id = :id`),
    bySeq: db.prepare(`select ${status} from invocation where seq = :seq`),
    record: db.prepare(`select ${recordColumns} where i.id = :id`),
    /** The live calls of a handler. */
    awaitedBy: db.prepare(
      `select ${status} from invocation where invoked_by = :id and awaited = 1 and ${isLive}`,
    ),
    backOff: db.prepare(
      `update invocation
       set state = ${states.backingOff}, rank = null, due = :due, due_in = :due - :now, attempts = attempts + 1,
         modified = :now
       where seq = :seq and state = ${states.ready} and canceled = 0`,
    ),
    /** Due again in time even if nothing it waits for comes: the longer it has been there, the later. */
    suspend: db.prepare(
      `update invocation
       set state = ${states.suspended}, rank = null, due = :now + max(:ms, :now - created),
         due_in = max(:ms, :now - created)
       where seq = :seq and state = ${states.ready} and canceled = 0`,
    ),
    markCanceled: db.prepare("update invocation set canceled = 1, modified = :now where seq = :seq"),
    complete: db.prepare(
      `update invocation
       set state = :state, rank = null, due = null, due_in = null, attempts = attempts + :attempts, modified = :now,
         expires = :expires
       where seq = :seq and ${isLive}`,
    ),
    deleteInvocation: db.prepare("delete from invocation where seq = :seq"),
    extendRetention: db.prepare("update invocation set expires = :expires where seq = :seq"),
    expired: db.prepare(
      `select ${status} from invocation where expires is not null and expires <= :now
       order by expires, seq limit :limit`,
    ),
  };
}

function queueStatements(db: DatabaseSync) {
  return {
    lockHolder: db.prepare(
      `select ${status} from invocation where service = :service and key = :key and ${holdsLock}`,
    ),
    nextInboxed: db.prepare(
      `select seq, position, awaited from invocation
       where service = :service and key = :key and state = ${states.inboxed} order by position limit 1`,
    ),
    readyPage: db.prepare(
      `select rank, ${run} from invocation join input using (seq)
       where state = ${states.ready} and rank > :after and rank < :before order by rank limit :limit`,
    ),
    runRow: db.prepare(`select ${run} from invocation join input using (seq) where seq = :seq`),
    makeReady: db.prepare(
      `update invocation
       set state = ${states.ready}, rank = :rank, position = :position, due = null, due_in = null, modified = :now
       where seq = :seq`,
    ),
    makeInboxed: db.prepare(
      `update invocation
       set state = ${states.inboxed}, position = :position, due = null, due_in = null, modified = :now
       where seq = :seq`,
    ),
    dueNow: db.prepare(
      `select ${status} from invocation where due is not null and due <= :now order by due, seq limit :limit`,
    ),
    nextDue: db.prepare("select due from invocation where due is not null order by due, seq limit 1"),
    /** Timers after a time, whether the clock was set back or not. */
    dueAfter: db.prepare(
      `select seq, due, due_in as dueIn from invocation
       where due is not null and (due, seq) > (:due, :seq) order by due, seq limit :limit`,
    ),
    setDue: db.prepare("update invocation set due = :due where seq = :seq"),
    anyWait: db.prepare("select exists (select 1 from wait) as found"),
    insertWait: db.prepare("insert or ignore into wait (seq, waiter) values (:seq, :waiter)"),
    waitersFor: db.prepare("select waiter from wait where seq = :seq"),
    deleteWaits: db.prepare("delete from wait where seq = :seq"),
  };
}

function payloadStatements(db: DatabaseSync) {
  return {
    insertInput: db.prepare("insert into input (seq, headers, body) values (:seq, :headers, :input)"),
    input: db.prepare("select body from input where seq = :seq"),
    deleteInput: db.prepare("delete from input where seq = :seq"),
    output: db.prepare("select code, message, body, meta from output where seq = :seq"),
    outputSize: db.prepare("select ifnull(octet_length(body), 0) as bytes from output where seq = :seq"),
    putOutput: db.prepare(
      "insert or replace into output (seq, code, message, body, meta) values (:seq, :code, :message, :body, :meta)",
    ),
    deleteOutput: db.prepare("delete from output where seq = :seq"),
    anyFailedAttempt: db.prepare("select exists (select 1 from failed_attempt) as found"),
    insertFailedAttempt: db.prepare(
      "insert or replace into failed_attempt (seq, failed, code, message) values (:seq, :now, :code, :message)",
    ),
    /** Keeps the last ones. */
    trimFailedAttempts: db.prepare(
      `delete from failed_attempt where seq = :seq and failed <=
         (select failed from failed_attempt where seq = :seq order by failed desc limit 1 offset :kept)`,
    ),
    failedAttempts: db.prepare(
      "select failed, code, message from failed_attempt where seq = :seq order by failed",
    ),
    deleteFailedAttempts: db.prepare("delete from failed_attempt where seq = :seq"),
    request: db.prepare("select headers, body from input where seq = :seq"),
    oldestReady: db.prepare(
      `select seq, created from invocation where state = ${states.ready} order by rank`,
    ),
    oldestInboxed: db.prepare(
      `select min(created) as created from invocation where state = ${states.inboxed}`,
    ),
    longestInbox: db.prepare(
      `select service, key, count(*) as length from invocation where state = ${states.inboxed}
       group by service, key order by length desc limit 1`,
    ),
    anyAwakeable: db.prepare("select exists (select 1 from awakeable) as found"),
    insertAwakeable: db.prepare(
      "insert or ignore into awakeable (seq, entry_index, kind, body) values (:seq, :index, :kind, :body)",
    ),
    awakeableUsage: db.prepare(
      "select awakeables as count, awakeable_bytes as bytes from invocation where seq = :seq",
    ),
    countAwakeable: db.prepare(
      `update invocation set awakeables = awakeables + 1, awakeable_bytes = awakeable_bytes + :bytes
       where seq = :seq`,
    ),
    completedAwakeables: db.prepare(
      'select entry_index as "index" from awakeable where seq = :seq order by entry_index',
    ),
    awakeable: db.prepare("select kind, body from awakeable where seq = :seq and entry_index = :index"),
    deleteAwakeables: db.prepare("delete from awakeable where seq = :seq"),
  };
}

function maintenanceStatements(db: DatabaseSync) {
  return {
    addToStateCount: db.prepare(
      `insert into state_count (service, state, n) values (:service, :state, :change)
       on conflict (service, state) do update set n = n + excluded.n`,
    ),
    stateCounts: db.prepare(
      "select service, state, n as count from state_count where n > 0 order by service, state",
    ),
    /** Pages in use. */
    usedPages: db.prepare(
      "select (select page_count from pragma_page_count) - (select freelist_count from pragma_freelist_count) as pages",
    ),
    /** Frames in the write-ahead log, without touching it. */
    walState: db.prepare("pragma wal_checkpoint(noop)"),
    checkpoint: db.prepare("pragma wal_checkpoint(passive)"),
  };
}
