import type { DescMethod } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import type { InvocationCount } from "../../engine/engine.ts";
import { type RefusalReason, refusalReasons } from "../../model/refusal.ts";
import type { ProtocolName } from "../protocol/protocol.ts";
import { type RpcCounter, RpcCounters, type RpcCounts } from "./rpc-counters.ts";
import { type Sampler, startSampler } from "./sampler.ts";

/** Counts what a server does, for the console and for metrics. */
export interface Statistics extends Pick<Sampler, "samples" | "longestDelayMs" | "stop"> {
  readonly startedAt: Date;
  /** Finds the counter of a method and a protocol. `method` is undefined if the server does not have the method. */
  counterOf(method: DescMethod | undefined, protocol: ProtocolName): RpcCounter;
  /** Counts the response to an RPC. `code` undefined: it succeeded. */
  record(counter: RpcCounter, code: Code | undefined, durationMs: number): void;
  /** Counts a request that is refused. */
  refuse(reason: RefusalReason): void;
  /** The RPCs since the start. */
  rpcs(): readonly RpcCounts[];
  /** The number of refused requests since the start, by reason. */
  refusals(): ReadonlyMap<RefusalReason, number>;
}

/** Starts to count. `count` counts the invocations of the engine. */
export function startStatistics(count: () => Promise<readonly InvocationCount[]>): Statistics {
  const sampler = startSampler(count);
  const rpcs = new RpcCounters();
  // With a count of 0, so that the first refusal is seen to be one more.
  const refusals = new Map(refusalReasons.map((reason): [RefusalReason, number] => [reason, 0]));
  return {
    ...sampler,
    startedAt: new Date(),
    counterOf: (method, protocol) => rpcs.find(method, protocol),
    record(counter, code, durationMs) {
      counter.add(code, durationMs);
      if (counter.kind !== undefined) {
        sampler.add(counter.kind, code, durationMs);
      }
    },
    refuse(reason) {
      refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    },
    rpcs: () => rpcs.read(),
    refusals: () => refusals,
  };
}
