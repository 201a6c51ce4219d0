import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useMemo } from "preact/hooks";
import type { GetStatisticsResponse } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { useCounts } from "../invocations/use-counts.ts";
import { linkTo } from "../route.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../ui/format.ts";
import { ErrorNote, Loading } from "../ui/notes.tsx";
import { Chart } from "./chart.tsx";
import { depths, errors, latencies, loopDelays, perSecond, rates, times } from "./series.ts";
import { Tile } from "./tile.tsx";
import { useStatistics } from "./use-statistics.ts";

/** What the server does, and did in the last hour. */
export function OverviewPage() {
  const { data, error, isPending, refetch } = useStatistics();
  return (
    <>
      <div class="page-head">
        <h1>Overview</h1>
        {data?.startedAt === undefined ? null : (
          <p class="muted">
            Since the server started, {formatDuration(Date.now() - timestampDate(data.startedAt).getTime())}{" "}
            ago. The charts show the last hour.
          </p>
        )}
      </div>
      {isPending ? <Loading what="the statistics" /> : null}
      {error === null ? null : <ErrorNote error={error} retry={() => void refetch()} />}
      {data === undefined ? null : (
        <>
          <Tiles statistics={data} />
          <Charts statistics={data} />
        </>
      )}
    </>
  );
}

function Tiles({ statistics }: { readonly statistics: GetStatisticsResponse }) {
  const counts = useCounts("", true);
  const { samples, oldestPendingAt, longestQueue, storeBytes, unknown } = statistics;
  const last = samples.at(-1);
  const unknownTo = (field: string): string | undefined =>
    unknown.includes(field) ? "The engine does not say." : undefined;
  const inState = (state: string): string => linkTo(["invocations"], new URLSearchParams({ state }));
  return (
    <ul class="tiles">
      <Tile title="Calls" value={last && `${formatNumber(perSecond(last, last.calls))}/s`} />
      <Tile title="Sends" value={last && `${formatNumber(perSecond(last, last.sends))}/s`} />
      <Tile title="Pending" value={formatCount(counts.get("pending") ?? 0)} href={inState("pending")} />
      <Tile title="Running" value={formatCount(counts.get("running") ?? 0)} href={inState("running")} />
      <Tile
        title="To be retried"
        value={formatCount(counts.get("backing-off") ?? 0)}
        href={inState("backing-off")}
      />
      <Tile
        title="Oldest pending"
        value={
          unknownTo("oldest_pending_at") ??
          (oldestPendingAt === undefined
            ? "none"
            : formatDuration(Math.max(0, Date.now() - timestampDate(oldestPendingAt).getTime())))
        }
      />
      <Tile
        title="Longest key queue"
        value={
          unknownTo("longest_queue") ??
          (longestQueue === undefined ? "none" : formatCount(longestQueue.length))
        }
        {...(longestQueue === undefined
          ? {}
          : {
              note: `${longestQueue.service} ${longestQueue.key}`,
              href: linkTo(
                ["invocations"],
                new URLSearchParams({
                  service: longestQueue.service,
                  key: longestQueue.key,
                  state: "pending",
                }),
              ),
            })}
      />
      <Tile
        title="Store"
        value={
          unknownTo("store_bytes") ?? (storeBytes === undefined ? "none" : formatBytes(Number(storeBytes)))
        }
      />
    </ul>
  );
}

const perSecondText = (value: number): string => `${formatNumber(value)}/s`;

function Charts({ statistics: { samples } }: { readonly statistics: GetStatisticsResponse }) {
  const at = useMemo(() => times(samples), [samples]);
  const lines = useMemo(
    () => ({
      rates: rates(samples),
      latencies: latencies(samples),
      errors: errors(samples),
      depths: depths(samples),
      delays: loopDelays(samples),
    }),
    [samples],
  );
  if (samples.length === 0) {
    return <p class="muted">The charts begin five seconds after the server has started.</p>;
  }
  return (
    <div class="charts">
      <Chart title="Calls and sends" times={at} series={lines.rates} format={perSecondText} empty="" />
      <Chart
        title="Time that calls take"
        times={at}
        series={lines.latencies}
        format={formatDuration}
        empty=""
      />
      <Chart
        title="Errors by code"
        times={at}
        series={lines.errors}
        format={perSecondText}
        empty="No errors in the last hour."
      />
      <Chart
        title="Invocations that have not ended"
        times={at}
        series={lines.depths}
        format={formatNumber}
        empty=""
      />
      <Chart title="Event-loop delay" times={at} series={lines.delays} format={formatDuration} empty="" />
    </div>
  );
}
