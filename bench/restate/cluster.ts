// A three-node Restate cluster, one node killed at a time, load kept up throughout:
//   node --conditions=@restate-connect/source bench/restate/cluster.ts
// Counts what is acknowledged, what is lost, and how long nothing was answered around each kill.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createTransport } from "restate-connect/node";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { runCli, startCli } from "../../test/support/cli.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startRestateCluster } from "../../test/support/restate-server.ts";

const { values } = parseArgs({
  options: { partitions: { type: "string", default: "4" }, workers: { type: "string", default: "8" } },
});
const services = "test/restate/fixtures/durable-counter.ts";

await using stack = new AsyncDisposableStack();
const cluster = await startRestateCluster({ nodes: 3, partitions: Number(values.partitions) });
stack.defer(() => cluster.stop());
const port = String(await freePort());
const endpoint = stack.use(startCli("serve", services, "--as-endpoint", "--port", port));
await endpoint.printed(/Ctrl-C/);
const [first] = cluster.nodes;
if (first === undefined) {
  throw new Error("a cluster has nodes");
}
await until(
  async () => (await runCli("register", first.adminUrl, "--endpoint", `http://127.0.0.1:${port}`)).code === 0,
);

const clients = cluster.nodes.map(({ ingressUrl }) =>
  createCounterClient(createTransport({ baseUrl: ingressUrl, protocol: "restate", defaultTimeoutMs: 5_000 })),
);
for (const client of clients) {
  await until(() =>
    client.get({ counter: "warm" }).then(
      () => true,
      () => false,
    ),
  );
}

let isOver = false;
let failures = 0;
const acknowledged: number[] = [];
const perKey = new Map<string, bigint>();

const worker = async (w: number) => {
  const counter = `worker ${w}`;
  for (let n = 0; !isOver; n++) {
    for (let attempt = 0; ; attempt++) {
      const client = clients[(w + attempt) % clients.length];
      try {
        await client?.add({ counter, value: 1n }, { idempotencyKey: `${w} ${n}` });
        break;
      } catch {
        failures++;
        await sleep(20);
      }
    }
    acknowledged.push(performance.now());
    perKey.set(counter, BigInt(n + 1));
  }
};
const load = Array.from({ length: Number(values.workers) }, (_, w) => worker(w));

const started = performance.now();
await sleep(4_000);
console.log(`| step | answered/s | longest silence ms |\n|---|---|---|`);
report("all nodes up", started, performance.now());
for (const [n, node] of cluster.nodes.entries()) {
  const killed = performance.now();
  await node.kill();
  await sleep(6_000);
  report(`node ${n + 1} killed`, killed, performance.now());
  const back = performance.now();
  await node.restart();
  await sleep(5_000);
  report(`node ${n + 1} back`, back, performance.now());
}
isOver = true;
await Promise.all(load);

let wrong = 0;
for (const [counter, expected] of perKey) {
  const counted = await clients[0]?.get({ counter });
  if (counted?.value !== expected) {
    wrong++;
    console.log(`${counter}: counted ${counted?.value}, acknowledged ${expected}`);
  }
}
console.log(
  `\n${acknowledged.length} additions acknowledged, ${failures} attempts repeated elsewhere, ${wrong} of ${perKey.size} counters wrong`,
);
process.exitCode = wrong === 0 ? 0 : 1;

function report(step: string, from: number, to: number): void {
  const times = [from, ...acknowledged.filter((at) => at >= from && at <= to), to];
  const gaps = times.slice(1).map((at, i) => at - (times[i] ?? at));
  const perSecond = ((times.length - 2) / (to - from)) * 1_000;
  console.log(`| ${step} | ${perSecond.toFixed(0)} | ${Math.max(...gaps).toFixed(0)} |`);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) {
    await sleep(100);
  }
}
