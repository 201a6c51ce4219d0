import { median } from "../../measure/statistics.ts";
import { formatCount, formatSpread, markdownTable, nothing } from "../format.ts";
import { figure, type Measurement } from "../results.ts";

const contenders = ["raw Node", "ours", "connect-node", "grpc-js"] as const;

/** Services, messages, connections and idle connections, each in a table of its own. */
export function growthTables(measurements: readonly Measurement[]): string {
  const named = (start: string) => measurements.filter(({ work }) => work.startsWith(start));
  const messages = measurements.filter(({ work }) => work.endsWith(" B"));
  return [
    "Services that one ingress serves, and a call of the last of them:",
    servicesTable(named("services: ")),
    "Size of the message in the request, and of as large a one in the answer; CPU of the server for each call:",
    cpuTable("message", messages),
    "Connections with one request at a time, opened within the measurement; CPU of the server for each call:",
    cpuTable("Connect, Protobuf, HTTP/1.1", named("connections: ")),
    "Memory of the server for each connection that made a request and stays open:",
    idleTable(named("idle connections")),
  ].join("\n\n");
}

function servicesTable(measurements: readonly Measurement[]): string {
  return markdownTable(
    ["services", "start, ms", "memory after it, MB", "a call, CPU µs"],
    measurements.map(({ work, figures }) => [
      formatCount(Number(work.replace("services: ", ""))),
      formatSpread([median(figures.startMilliseconds ?? [])], 0),
      formatSpread([median(figures.residentMegabytes ?? [])], 0),
      formatSpread(figures.cpuMicros ?? [], 0),
    ]),
  );
}

function cpuTable(heading: string, measurements: readonly Measurement[]): string {
  return contendersTable(heading, measurements, (values) => `${formatSpread(values, 0)} µs`, "cpuMicros");
}

function idleTable(measurements: readonly Measurement[]): string {
  const cell = (values: readonly number[]) => `${formatSpread(values, 1)} kB`;
  return contendersTable("idle connection", measurements, cell, "kilobytesEach");
}

function contendersTable(
  heading: string,
  measurements: readonly Measurement[],
  cell: (values: readonly number[]) => string,
  name: string,
): string {
  const works = [...new Set(measurements.map(({ work }) => work))];
  return markdownTable(
    [heading, ...contenders],
    works.map((work) => [
      readable(work),
      ...contenders.map((contender) => {
        const values = figure(measurements, work, contender, name);
        return values.length === 0 ? nothing : cell(values);
      }),
    ]),
  );
}

/** "gRPC, HTTP/2, 4194304 B" is "gRPC, HTTP/2, 4 MiB", and "connections: 10000" is "10,000 connections". */
function readable(work: string): string {
  const connections = /^connections: (\d+)$/.exec(work)?.[1];
  if (connections !== undefined) {
    return `${Number(connections).toLocaleString("en-US")} connections`;
  }
  return work.replace("idle connections, ", "").replace(/(\d+) B$/, (_, bytes: string) => {
    const size = Number(bytes);
    return size >= 2 ** 20
      ? `${size / 2 ** 20} MiB`
      : size >= 2 ** 10
        ? `${size / 2 ** 10} KiB`
        : `${size} B`;
  });
}
