import { median } from "../measure/statistics.ts";
import { formatKilobytes, formatRatio } from "./format.ts";
import { clientRatio, coldImportRatio, generatorRatio, ingressRatio } from "./ratios.ts";
import { figure, type Measurement, type PartName, type Results } from "./results.ts";

/** What a figure should be. */
export interface Goal {
  readonly part: PartName;
  readonly name: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  read(measurements: readonly Measurement[]): number;
  format(value: number): string;
}

const durableSend: Goal = {
  part: "durable-send",
  name: "a durable send, CPU on top of a plain call",
  atMost: 15,
  read: (measurements) => {
    const cpu = (contender: string) =>
      measurements.find((one) => one.contender === contender)?.figures.cpuMicros ?? [];
    const call = cpu("plain call");
    return median(cpu("send, accepted").map((micros, round) => micros - (call[round] ?? Number.NaN)));
  },
  format: (micros: number) => `${micros.toFixed(0)} µs`,
};

const generator: Goal = {
  part: "generator",
  name: "generator on googleapis : protoc-gen-es",
  atMost: 0.5,
  read: (measurements) =>
    generatorRatio(
      measurements,
      measurements.find(({ work }) => work.startsWith("googleapis"))?.work ?? "googleapis",
    ),
  format: formatRatio,
};

export const goals: readonly Goal[] = [
  ingress("gRPC, HTTP/2", { "raw Node": 0.6, "grpc-js": 1, "connect-node": 5 }),
  ingress("Connect, Protobuf, HTTP/1.1", { "raw Node": 0.5, "connect-node": 3 }),
  ingress("Connect, JSON, HTTP/1.1", { "raw Node": 0.5, "connect-node": 3 }),
  ingress("gRPC-web, HTTP/1.1", { "raw Node": 0.5, "connect-node": 6 }),
  durableSend,
  ["Connect, HTTP/1.1", "Connect, HTTP/2", "gRPC, HTTP/2", "gRPC-web, HTTP/1.1", "gRPC-web, HTTP/2"].map(
    (work): Goal => ({
      part: "node-client",
      name: `Node client, ${work}: CPU of a call : raw Node`,
      atMost: 1.4,
      read: (measurements) => clientRatio(measurements, work),
      format: formatRatio,
    }),
  ),
  page("page with createTransport", "ours, createTransport", 33_446),
  page("page with createConnectTransport", "ours, createConnectTransport", 25_000),
  page("page with the JSON client", "ours, JSON client", 1_700),
  ["restate-connect/node", "restate-connect/web", "restate-connect/ingress"].map(
    (contender): Goal => ({
      part: "cold-import",
      name: `import of ${contender} : connect-node`,
      atMost: 0.6,
      read: (measurements) => coldImportRatio(measurements, contender),
      format: formatRatio,
    }),
  ),
  generator,
].flat();

/** The goals whose parts were measured, and what came of them: one row each. */
export function goalRows({ parts }: Results): readonly (readonly string[])[] {
  return goals.flatMap(({ part, name, atLeast, atMost, read, format }) => {
    const measurements = parts[part]?.measurements;
    const value = measurements === undefined ? Number.NaN : read(measurements);
    if (Number.isNaN(value)) {
      return [];
    }
    const isMet =
      value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);
    const bound = atLeast === undefined ? `≤ ${format(atMost ?? Number.NaN)}` : `≥ ${format(atLeast)}`;
    return [[name, bound, format(value), isMet ? "yes" : "no"]];
  });
}

function ingress(work: string, atLeast: Readonly<Record<string, number>>): readonly Goal[] {
  return Object.entries(atLeast).map(([peer, ratio]) => ({
    part: "ingress",
    name: `ingress, ${work}: requests for a CPU second : ${peer}`,
    atLeast: ratio,
    read: (measurements) => ingressRatio(measurements, work, peer),
    format: formatRatio,
  }));
}

function page(name: string, contender: string, bytes: number): Goal {
  return {
    part: "page-size",
    name,
    atMost: bytes,
    read: (measurements) => figure(measurements, "one typed call", contender, "gzipBytes")[0] ?? Number.NaN,
    format: (size) => `${formatKilobytes(size)} kB gzip`,
  };
}
