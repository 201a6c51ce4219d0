import { states } from "../protocol.ts";

/** True for an invocation that holds the lock of its key. The same text in index and query: SQLite compares it. */
export const holdsLock = `state >= ${states.ready} and state <= ${states.suspended} and key is not null and shared = 0`;

/** True for an invocation that is not completed. */
export const isLive = `state < ${states.succeeded}`;

/** The version of the first schema below. Stores of an earlier version were written before the first release. */
export const firstVersion = 10;

/**
 * Schemas, oldest first: the first one makes a store, each later one is applied to a store of the version before it,
 * and none is changed once it was released. The version of a store is its `PRAGMA user_version`.
 *
 * `invocation` is narrow and grows in the order of acceptance; payloads are written once, elsewhere.
 * Its partial indexes are the queues, so that nothing can disagree with the state of a row:
 * - `invocation_lock`: the invocation that holds the lock of a service and key, at most one;
 * - `invocation_inbox`: the ones behind it, by their `position`;
 * - `invocation_ready`: the ones that may run, by `rank` (ready-queue.ts);
 * - `invocation_awaited`: the live calls of a handler, by its invocation; `invocation_child`: all that it made;
 * - `invocation_due`: delayed sends and retries; `invocation_expiry`: the ones to be deleted, and when.
 *
 * Times are epoch ms. `due_in` is the time from the moment at which `due` was set.
 */
export const migrations: readonly string[] = [
  `
  create table sequence (name text primary key, value integer not null) without rowid, strict;
  create table secret (name text primary key, value blob not null) without rowid, strict;

  create table invocation (
    seq             integer primary key,
    id              blob    not null,
    service         text    not null,
    method          text    not null,
    key             text,
    state           integer not null,
    rank            integer,
    position        integer,
    due             integer,
    due_in          integer,
    attempts        integer not null default 0,
    canceled        integer not null default 0,
    retention       integer,
    created         integer not null,
    modified        integer not null,
    expires         integer,
    invoked_by      blob,
    shared          integer not null,
    execute_at      integer,
    awaited         integer not null,
    awakeables      integer not null default 0,
    awakeable_bytes integer not null default 0
  ) strict;
  create unique index invocation_id      on invocation (id);
  create unique index invocation_lock    on invocation (service, key) where ${holdsLock};
  create        index invocation_inbox   on invocation (service, key, position) where state = ${states.inboxed};
  create        index invocation_ready   on invocation (rank) where state = ${states.ready};
  create        index invocation_due     on invocation (due, seq) where due is not null;
  create        index invocation_expiry  on invocation (expires, seq) where expires is not null;
  create        index invocation_awaited on invocation (invoked_by) where awaited = 1 and ${isLive};

  create table input  (seq integer primary key, headers text, body blob not null) strict;
  create table output (seq integer primary key, code integer not null, message text, body blob, meta text) strict;

  create table awakeable (
    seq         integer not null,
    entry_index integer not null,
    kind        text    not null,
    body        blob    not null,
    primary key (seq, entry_index)
  ) without rowid, strict;

  -- A row ends with the invocation that is waited for.
  create table wait (
    seq    integer not null,
    waiter integer not null,
    primary key (seq, waiter)
  ) without rowid, strict;

  create table state_count (
    service text    not null,
    state   integer not null,
    n       integer not null,
    primary key (service, state)
  ) without rowid, strict;
  `,
  // For people who look: the failures of attempts, and the invocations that a handler made.
  `
  create table failed_attempt (
    seq     integer not null,
    failed  integer not null,
    code    integer not null,
    message text,
    primary key (seq, failed)
  ) without rowid, strict;
  create index invocation_child on invocation (invoked_by, seq) where invoked_by is not null;
  `,
];
