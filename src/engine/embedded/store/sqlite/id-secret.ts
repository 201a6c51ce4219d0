import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

const secretBytes = 32;

/** Loads the secret by which ids are derived in this store, or makes it. */
export function loadIdSecret(db: DatabaseSync): Uint8Array {
  db.prepare("insert or ignore into secret (name, value) values ('ids', :value)").run({
    value: randomBytes(secretBytes),
  });
  const row = db.prepare("select value from secret where name = 'ids'").get();
  if (!(row?.value instanceof Uint8Array)) {
    throw new Error("its secret is missing");
  }
  return row.value;
}
