import { median } from "../measure/statistics.ts";
import { formatCount, formatKilobytes } from "./format.ts";
import { clientRatio, coldImportRatio, ingressRatio } from "./ratios.ts";
import { figure, type Results, wasBusy } from "./results.ts";

/** What a user gets, in plain words. Leaves out what was not measured. */
export function summarize({ parts }: Results): string {
  const isBusy = Object.values(parts).some(wasBusy);
  const sentences: (string | undefined)[] = [
    isBusy ? "(Measured while the machine was busy with other work: preliminary figures.)" : undefined,
    parts.ingress && ingressSentence(parts.ingress.measurements),
    parts["durable-send"] && sendSentence(parts["durable-send"].measurements),
    parts["node-client"] && clientSentence(parts["node-client"].measurements),
    parts["page-size"] && pageSentence(parts["page-size"].measurements),
    parts["cold-import"] && importSentence(parts["cold-import"].measurements),
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

type Measurements = Parameters<typeof figure>[0];

function ingressSentence(measurements: Measurements): string {
  const work = "gRPC, HTTP/2";
  const perSecond = formatCount(median(figure(measurements, work, "ours", "perSecond")));
  const ratio = (of: string, peer: string) => ingressRatio(measurements, of, peer).toFixed(1);
  return (
    `On one core, the ingress answers ${perSecond} gRPC calls a second, each run by the embedded engine: for the same ` +
    `CPU time ${ratio(work, "connect-node")} times as many as Connect-ES's own server and ${ratio(work, "grpc-js")} times ` +
    `as many as grpc-js. In Connect's protocol over HTTP/1.1 it is ` +
    `${ratio("Connect, Protobuf, HTTP/1.1", "connect-node")} times as many as Connect-ES.`
  );
}

function sendSentence(measurements: Measurements): string {
  const cpu = (contender: string) =>
    measurements.find((one) => one.contender === contender)?.figures.cpuMicros ?? [];
  const call = cpu("plain call");
  const onTop = median(cpu("send, accepted").map((micros, round) => micros - (call[round] ?? 0)));
  return onTop > 0
    ? `A send is on disk before it is answered, and costs ${onTop.toFixed(0)} µs of CPU more than a call.`
    : "A send is on disk before it is answered, and costs no more CPU than a call.";
}

function clientSentence(measurements: Measurements): string {
  const ratios = [...new Set(measurements.map(({ work }) => work))].map((work) =>
    clientRatio(measurements, work),
  );
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(1));
  return `A typed call from Node costs the client ${least} to ${most} times what bytes on Node's own HTTP cost.`;
}

function pageSentence(measurements: Measurements): string {
  const size = (contender: string) =>
    formatKilobytes(figure(measurements, "one typed call", contender, "gzipBytes")[0] ?? Number.NaN);
  return (
    `A page with one typed call loads ${size("ours, createTransport")} kB (gzip), where connect-web loads ` +
    `${size("connect-web")} kB; with the JSON client it loads ${size("ours, JSON client")} kB.`
  );
}

function importSentence(measurements: Measurements): string {
  const percent = (100 * coldImportRatio(measurements, "restate-connect/node")).toFixed(0);
  return `Importing the Node client takes ${percent} % of the time that importing connect-node takes.`;
}
