import { createInterface } from "node:readline";
import { embedded } from "../../src/engine/index.ts";

/*
 * An engine that is told what to do, one word a line: engine-process.ts DATA.
 * "send" answers "sent ID" or "refused CODE"; "finish" lets the handlers that wait go on; "outcome ID"
 * answers "ended ID" once it has one; "purge ID" answers "purged ID"; "check" answers "writable" or "refused CODE";
 * "stop" closes it.
 */
const [path = ""] = process.argv.slice(2);
const finish = Promise.withResolvers<void>();
const target = { service: "Worker", method: "Work", key: undefined };
const work = async () => {
  await finish.promise;
  return { output: new Uint8Array(100), headers: [], trailers: [] };
};

const engine = embedded({ path, onFatal: () => process.exit(1) });
await engine.start([{ name: "Worker", kind: "unkeyed", methods: new Map([["Work", work]]) }]);
process.stdout.write("ready\n");
for await (const line of createInterface(process.stdin)) {
  const [command, id = ""] = line.split(" ");
  if (command === "send") {
    const answer = await engine.send(target, new Uint8Array(200)).then(
      (accepted) => `sent ${accepted.id}`,
      (error: unknown) => `refused ${String(error)}`,
    );
    process.stdout.write(`${answer}\n`);
  } else if (command === "finish") {
    finish.resolve();
  } else if (command === "purge") {
    const answer = await engine.purge(id).then(
      () => `purged ${id}`,
      (error: unknown) => `refused ${String(error)}`,
    );
    process.stdout.write(`${answer}\n`);
  } else if (command === "check") {
    const answer = await engine.checkWritable().then(
      () => "writable",
      (error: unknown) => `refused ${String(error)}`,
    );
    process.stdout.write(`${answer}\n`);
  } else if (command === "stop") {
    await engine.close();
    process.exit();
  } else if (command === "outcome") {
    const outcome = await engine.attach(id);
    process.stdout.write(`${outcome.ok ? "ended" : "failed"} ${id}\n`);
  }
}
