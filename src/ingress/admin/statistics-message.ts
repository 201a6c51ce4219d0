import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import type {
  GetStatisticsResponseSchema,
  StatisticsSampleSchema,
} from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine, InvocationCount } from "../../engine/engine.ts";
import { protoState } from "../builtin/invocation-message.ts";
import type { Sample } from "../statistics/sampler.ts";
import type { Statistics } from "../statistics/statistics.ts";

type Response = Exclude<MessageInitShape<typeof GetStatisticsResponseSchema>, Message>;
type SampleMessage = Exclude<MessageInitShape<typeof StatisticsSampleSchema>, Message>;

/** The answer to `GetStatistics`. */
export async function statisticsMessage(
  engine: Engine,
  statistics: Statistics,
  since: Timestamp | undefined,
): Promise<Response> {
  const { oldestPendingAt, longestQueue, storeBytes, unknown } = await engine.statistics();
  return {
    startedAt: timestampFromDate(statistics.startedAt),
    samples: statistics.samples(since && timestampDate(since)).map(sampleMessage),
    unknown: [...unknown],
    ...(oldestPendingAt === undefined ? {} : { oldestPendingAt: timestampFromDate(oldestPendingAt) }),
    ...(longestQueue === undefined
      ? {}
      : { longestQueue: { ...longestQueue, length: BigInt(longestQueue.length) } }),
    ...(storeBytes === undefined ? {} : { storeBytes: BigInt(storeBytes) }),
  };
}

/** The Protobuf form of a count. */
export function countMessage({ service, state, count }: InvocationCount) {
  return { service, state: protoState(state), count: BigInt(count) };
}

function sampleMessage(sample: Sample): SampleMessage {
  const { at, durationMs, calls, sends, errors, percentilesMs, eventLoopDelayMs, counts } = sample;
  const [p50Ms, p90Ms, p99Ms] = percentilesMs ?? [];
  return {
    at: timestampFromDate(at),
    duration: durationFromMs(Math.round(durationMs)),
    calls,
    sends,
    errors: Object.fromEntries([...errors].map(([code, count]) => [codeToString(code), count])),
    eventLoopDelayMs,
    counts: (counts ?? []).map(countMessage),
    ...(p50Ms === undefined || p90Ms === undefined || p99Ms === undefined ? {} : { p50Ms, p90Ms, p99Ms }),
  };
}
