/**
 * Migrations, oldest first: applied in order to a store of an older version, never changed once released.
 * The store's version (`PRAGMA user_version`) is how many of them it has seen.
 *
 * `invocation` is narrow and grows in the order of acceptance; payloads are written once, elsewhere.
 * Its partial indexes are the queues, so that nothing can disagree with the state of a row:
 * - `invocation_lock` holds at most one live invocation per service and key, besides those that are `shared`;
 * - `invocation_queue` the ones behind it, by their `position`;
 * - `invocation_ready` the ones that may run, by `turn`: see turn.ts;
 * - `invocation_awaited` what the handlers of an invocation have called and that has not ended;
 * - `invocation_due` delayed sends and retries; `invocation_expiry` what may be forgotten, and when.
 *
 * States are those of `states` in protocol.ts. Times are epoch ms.
 */
export const migrations: readonly string[] = [
  `
  create table meta (name text primary key, value integer not null) without rowid, strict;

  create table invocation (
    seq        integer primary key,
    id         blob    not null,
    service    text    not null,
    method     text    not null,
    key        text,
    state      integer not null,
    turn       integer,
    position   integer,
    due        integer,
    attempts   integer not null default 0,
    canceled   integer not null default 0,
    retention  integer,
    created    integer not null,
    modified   integer not null,
    expires    integer,
    invoked_by blob
  ) strict;
  create unique index invocation_id     on invocation (id);
  create unique index invocation_lock   on invocation (service, key) where state in (2, 3) and key is not null;
  create        index invocation_queue  on invocation (service, key, position) where state = 1;
  create        index invocation_ready  on invocation (turn) where state = 2;
  create        index invocation_due    on invocation (due, seq) where due is not null;
  create        index invocation_expiry on invocation (expires, seq) where expires is not null;

  create table input  (seq integer primary key, headers text, body blob not null) strict;
  create table output (seq integer primary key, code integer not null, message text, body blob, meta text) strict;

  create table awakeable (
    seq      integer not null,
    position integer not null,
    kind     text    not null,
    body     blob    not null,
    primary key (seq, position)
  ) without rowid, strict;

  create table tally (
    service text    not null,
    state   integer not null,
    n       integer not null,
    primary key (service, state)
  ) without rowid, strict;
  `,
  `
  alter table invocation add column shared integer not null default 0;
  drop index invocation_lock;
  create unique index invocation_lock on invocation (service, key)
    where state in (2, 3) and key is not null and shared = 0;
  `,
  // When a delayed one was due at first: `due` is its next attempt's and ends with it.
  `
  alter table invocation add column execute_at integer;
  update invocation set execute_at = due where state = 0 and due is not null;
  `,
  // Calls of a handler, which end with its invocation. The index has those that have not ended.
  `
  alter table invocation add column awaited integer not null default 0;
  create index invocation_awaited on invocation (invoked_by) where awaited = 1 and state not in (4, 5);
  `,
  // What is suspended keeps its key. SQLite makes a table of an `in` with three members, each time.
  // A row of `wait` ends with the invocation that is waited for.
  `
  drop index invocation_lock;
  create unique index invocation_lock on invocation (service, key)
    where (state in (2, 3) or state = 6) and key is not null and shared = 0;
  create table wait (
    seq    integer not null,
    waiter integer not null,
    primary key (seq, waiter)
  ) without rowid, strict;
  `,
];
