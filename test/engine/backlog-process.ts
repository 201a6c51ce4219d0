import { embedded } from "../../src/engine/index.ts";
import { silentLogger } from "../support/loggers.ts";

/*
 * "store DATA" stores 24 requests of 8 MiB and exits. "start DATA" starts over them, says how many are at work and by
 * how much its memory grew for that, and then completes them all.
 */
const [mode = "", path = ""] = process.argv.slice(2);
const mebibyte = 2 ** 20;
const count = 24;
const target = { service: "Worker", method: "Work", key: undefined };
const door = Promise.withResolvers<void>();
let begun = 0;
const work = async () => {
  begun += 1;
  await door.promise;
  return { output: new Uint8Array(), headers: [], trailers: [] };
};

const before = process.memoryUsage().rss;
const engine = embedded({ path, logger: silentLogger, maxRunningBytes: 16 * mebibyte });
await engine.start([{ name: "Worker", kind: "unkeyed", methods: new Map([["Work", work]]) }]);
if (mode === "store") {
  for (let i = 0; i < count; i++) {
    await engine.send(target, new Uint8Array(8 * mebibyte));
  }
  process.stdout.write(`stored ${(count * 8).toString()} MiB\n`);
  process.exit();
}
while (begun < 2) {
  await engine.count();
}
// Had it more, the store would have handed them out before it answers this.
await engine.count();
const growth = Math.round((process.memoryUsage().rss - before) / mebibyte);
process.stdout.write(`began ${begun}, grew by ${growth} MiB\n`);
door.resolve();
const { invocations } = await engine.list({ pageSize: count });
for (const { id } of invocations) {
  await engine.attach(id);
}
process.stdout.write(`completed ${invocations.length}\n`);
await engine.close();
