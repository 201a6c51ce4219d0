import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { leaveAnywhere } from "../fuzz/leave.ts";
import type { Random } from "../fuzz/random.ts";
import { retentionMs } from "./usage.ts";

/** One thing that a caller does. Throws when the server answers wrongly. */
type Step = (transport: Transport, random: Random, url: string) => Promise<void>;

const ways: readonly Partial<NodeTransportOptions>[] = [
  { protocol: "connect", httpVersion: "1.1" },
  { protocol: "connect", httpVersion: "2", format: "json" },
  { protocol: "grpc" },
  { protocol: "grpc-web", httpVersion: "2" },
] as const;

const steps: readonly Step[] = [call, keyedCall, sendAndAttach, delayAndCancel, abort, abort, leave, leave];

/** A transport of each kind. Their connections stay open between rounds. */
export function openTransports(url: string): readonly Transport[] {
  return ways.map((way) => createTransport({ ...way, baseUrl: url } as NodeTransportOptions));
}

/** Clients that call, send, attach, cancel, abort and leave, so many times a second in all, for so long. */
export async function putLoad(
  url: string,
  transports: readonly Transport[],
  random: Random,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<number> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = performance.now();
  let made = 0;
  while (performance.now() - start < seconds * 1_000 && failures.length === 0) {
    const due = ((performance.now() - start) / 1_000) * perSecond;
    for (; made < due; made += 1) {
      const one = random
        .pick(steps)(random.pick(transports), random, url)
        .catch((reason: unknown) => {
          failures.push(reason);
        });
      running.add(one);
      one.finally(() => running.delete(one));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(running);
  if (failures.length > 0) {
    throw failures[0];
  }
  return made;
}

async function call(transport: Transport, random: Random): Promise<void> {
  const name = `p${random.int(1e9)}`;
  const { greeting } = await createClient(Greeter, transport).greet({ name });
  expectEqual(greeting, `Hello ${name}`);
}

async function keyedCall(transport: Transport, random: Random): Promise<void> {
  const counter = createCounterClient(transport).key(`k${random.int(1e9)}`);
  expectEqual((await counter.add({ value: 2n })).value, 2n);
  await counter.reset();
}

async function sendAndAttach(transport: Transport, random: Random): Promise<void> {
  const name = `p${random.int(1e9)}`;
  const start = performance.now();
  const sent = await createGreeterClient(transport).send.greet({ name });
  try {
    expectEqual((await sent.attach()).greeting, `Hello ${name}`);
  } catch (reason) {
    // On a machine that is very busy, the outcome may be gone before somebody asks for it.
    const isLate = performance.now() - start > retentionMs / 2;
    if (!(isLate && reason instanceof ConnectError && reason.code === Code.NotFound)) {
      throw reason;
    }
  }
}

async function delayAndCancel(transport: Transport, random: Random): Promise<void> {
  const sent = await createGreeterClient(transport).send.greet(
    { name: "late" },
    { delay: 60_000 + random.int(1e6) },
  );
  await createClient(Invocations, transport).cancel({ id: sent.id });
}

/** Leaves a call, or the wait for an outcome, in the middle. */
async function abort(transport: Transport, random: Random): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), random.int(30));
  try {
    await createClient(Greeter, transport).greet({ name: "forever" }, { signal: controller.signal });
  } catch (reason) {
    if (!(reason instanceof ConnectError) || !controller.signal.aborted) {
      throw reason;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function leave(_: Transport, random: Random, url: string): Promise<void> {
  await leaveAnywhere(url, random);
}

function expectEqual(actual: unknown, expected: unknown): void {
  if (actual !== expected) {
    throw new Error(`the server answered ${String(actual)} in place of ${String(expected)}`);
  }
}
