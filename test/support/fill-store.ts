import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { embedded } from "restate-connect/engine";
import { states } from "../../src/engine/embedded/store/protocol.ts";
import { silentLogger } from "./loggers.ts";

/**
 * Makes a store of the embedded engine with so many invocations of `org.example.Counter/Add`, of 1,000 keys, one each
 * millisecond, every thousandth of them failed. Written by SQL: sending as many would take a minute.
 */
export async function fillStore(path: string, count: number): Promise<void> {
  const engine = embedded({ path, logger: silentLogger });
  await engine.start([]);
  await engine.close();
  using db = new DatabaseSync(join(path, "store.sqlite"));
  const now = Date.now();
  db.exec(`
    begin;
    insert into invocation (seq, id, service, method, key, state, attempts, created, modified, expires, shared, awaited)
      with recursive n(seq) as (select 1 union all select seq + 1 from n where seq < ${count})
      select seq, randomblob(24), 'org.example.Counter', 'Add', 'key-' || (seq % 1000),
        iif(seq % 1000 = 7, ${states.failed}, ${states.succeeded}), 1, ${now - count} + seq, ${now - count} + seq,
        ${now + 86_400_000}, 0, 0 from n;
    insert into output (seq, code, message) select seq, iif(state = ${states.failed}, 9, 0), null from invocation;
    insert into input (seq, body) select seq, x'' from invocation;
    insert or replace into sequence (name, value) values ('seq', ${count + 1});
    insert into state_count (service, state, n)
      select service, state, count(*) from invocation group by service, state;
    commit;
  `);
}
