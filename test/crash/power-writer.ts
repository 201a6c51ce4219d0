import { writeSync } from "node:fs";
import { createEngine } from "../../src/engine/embedded/embedded.ts";

/*
 * The process whose file operations are recorded: power-writer.ts DATA COUNT FULL|NORMAL.
 * Writes "ACK id" once a send is acknowledged and "END id" once its outcome is known, then dies without closing.
 */
const [path = "", count = "", level = ""] = process.argv.slice(2);
const clients = 24;
const handler = async () => ({ output: new Uint8Array(300), headers: [], trailers: [] });
const methods = new Map([["Do", handler]]);

const engine = createEngine({ path }, level === "NORMAL" ? "NORMAL" : "FULL");
await engine.start([
  { name: "Free", kind: "unkeyed", methods },
  { name: "Keyed", kind: "keyed", methods },
]);
let left = Number(count);
await Promise.all(Array.from({ length: clients }, (_, i) => client(i)));
process.kill(process.pid, "SIGKILL");

async function client(number: number): Promise<void> {
  while (left > 0) {
    left -= 1;
    const target =
      number % 2 === 0 ? { service: "Free", key: undefined } : { service: "Keyed", key: `k${number % 4}` };
    const { id } = await engine.send({ ...target, method: "Do" }, new Uint8Array(700));
    writeSync(1, `ACK ${id}\n`);
    await engine.attach(id);
    writeSync(1, `END ${id}\n`);
  }
}
