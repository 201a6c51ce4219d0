import { embedded } from "../../src/engine/index.ts";

/** Holds the data directory given as the first argument until it is killed. */
const [path = ""] = process.argv.slice(2);
await embedded({ path }).start([]);
process.stdout.write("held\n");
