import { medianRatio } from "../../measure/statistics.ts";
import { formatRatio, formatSpread, markdownTable } from "../format.ts";
import { clientRatio } from "../ratios.ts";
import { figure, type Measurement } from "../results.ts";

const contenders = ["raw Node", "ours", "connect-node", "grpc-js"] as const;

/** CPU time of the client for each call. */
export function nodeClientTable(measurements: readonly Measurement[]): string {
  const works = [...new Set(measurements.map(({ work }) => work))];
  return markdownTable(
    ["protocol", ...contenders.map((contender) => `${contender}, µs`), "ours : raw", "connect-node : ours"],
    works.map((work) => {
      const [raw = [], ours = [], connectNode = [], grpcJs = []] = contenders.map((contender) =>
        figure(measurements, work, contender, "cpuMicros"),
      );
      return [
        work,
        ...[raw, ours, connectNode, grpcJs].map((micros) => formatSpread(micros, 0)),
        formatRatio(clientRatio(measurements, work)),
        formatRatio(medianRatio(connectNode, ours)),
      ];
    }),
  );
}
