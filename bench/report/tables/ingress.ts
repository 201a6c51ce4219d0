import { median } from "../../measure/statistics.ts";
import { formatCount, formatRatio, formatSpread, markdownTable, nothing } from "../format.ts";
import { ingressRatio } from "../ratios.ts";
import { figure, type Measurement } from "../results.ts";

const peers = ["raw Node", "connect-node", "grpc-js"] as const;

/** Requests a second, and CPU time for each, of every contender; ratios are of requests for a CPU second. */
export function ingressTable(measurements: readonly Measurement[]): string {
  const works = [...new Set(measurements.map(({ work }) => work))];
  const of = (work: string, contender: string, name: string) => figure(measurements, work, contender, name);
  return markdownTable(
    ["a plain call", "raw Node", "ours", "connect-node", "grpc-js", ...peers.map((peer) => `ours : ${peer}`)],
    works.map((work) => [
      work,
      ...["raw Node", "ours", "connect-node", "grpc-js"].map((contender) =>
        cell(of(work, contender, "perSecond"), of(work, contender, "cpuMicros")),
      ),
      ...peers.map((peer) => formatRatio(ingressRatio(measurements, work, peer))),
    ]),
  );
}

function cell(perSecond: readonly number[], cpuMicros: readonly number[]): string {
  return perSecond.length === 0
    ? nothing
    : `${formatCount(median(perSecond))}/s, ${formatSpread(cpuMicros, 0)} µs`;
}
