import { medianRatio } from "../measure/statistics.ts";
import { figure, type Measurement } from "./results.ts";

/** How long an import takes, as a share of connect-node's, without what Node itself takes to start. */
export function coldImportRatio(measurements: readonly Measurement[], contender: string): number {
  const of = (name: string) => figure(measurements, "import", name, "milliseconds");
  const bare = of("bare Node");
  const withoutNode = (name: string) =>
    of(name).map((milliseconds, round) => milliseconds - (bare[round] ?? Number.NaN));
  return medianRatio(withoutNode(contender), withoutNode("connect-node"));
}

/** Requests that the ingress answers in a CPU second, next to a peer's. */
export function ingressRatio(measurements: readonly Measurement[], work: string, peer: string): number {
  const cpu = (contender: string) => figure(measurements, work, contender, "cpuMicros");
  return medianRatio(cpu(peer), cpu("ours"));
}

/** CPU time of a client's call, next to bytes on Node's own HTTP. */
export function clientRatio(measurements: readonly Measurement[], work: string): number {
  const cpu = (contender: string) => figure(measurements, work, contender, "cpuMicros");
  return medianRatio(cpu("ours"), cpu("raw Node"));
}

/** Time of the generator, next to protoc-gen-es. */
export function generatorRatio(measurements: readonly Measurement[], work: string): number {
  const seconds = (contender: string) => figure(measurements, work, contender, "seconds");
  return medianRatio(seconds("protoc-gen-restate-es"), seconds("protoc-gen-es"));
}
