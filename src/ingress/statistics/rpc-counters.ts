import type { DescMethod } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import { Ingress } from "../../../generated/dev/restate/services_pb.ts";
import { DurationCounter, type DurationCounts } from "../../model/duration-counts.ts";
import type { ProtocolName } from "../protocol/protocol.ts";

/** From a call that is answered in memory to one that waits for its handler for a minute. */
const boundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

/** The number of Connect's codes, and one more for success. */
const codeCount = 17;

/** Figures of the console count these. */
export type RpcKind = "call" | "send";

/** The RPCs of a method in a protocol. */
export interface RpcCounts {
  /** Undefined: all requests for methods that the server does not have. */
  readonly method: DescMethod | undefined;
  readonly protocol: ProtocolName;
  /** The number of RPCs by code; 0: they succeeded. */
  readonly byCode: ReadonlyMap<Code | 0, number>;
  readonly durations: DurationCounts;
}

/** Counts the RPCs of a method in a protocol. */
export class RpcCounter {
  readonly method: DescMethod | undefined;
  readonly protocol: ProtocolName;
  /** Undefined if the service is built in, or the server does not have the method. */
  readonly kind: RpcKind | undefined;
  readonly #byCode = new Float64Array(codeCount);
  readonly #durations = new DurationCounter(boundsMs);

  constructor(method: DescMethod | undefined, protocol: ProtocolName) {
    this.method = method;
    this.protocol = protocol;
    this.kind = kindOf(method);
  }

  add(code: Code | undefined, durationMs: number): void {
    const index = code ?? 0;
    this.#byCode[index] = (this.#byCode[index] ?? 0) + 1;
    this.#durations.add(durationMs);
  }

  read(): RpcCounts {
    const { method, protocol } = this;
    // The entries stand at the values of their codes.
    const byCode = [...this.#byCode].map((count, code): [Code | 0, number] => [code, count]);
    return {
      method,
      protocol,
      byCode: new Map(byCode.filter(([, count]) => count > 0)),
      durations: this.#durations.read(),
    };
  }
}

/** Finds the counter of a method and a protocol: there is one for each that has been asked for. */
export class RpcCounters {
  readonly #byProtocol: Readonly<Record<ProtocolName, Map<DescMethod | undefined, RpcCounter>>> = {
    connect: new Map(),
    grpc: new Map(),
    "grpc-web": new Map(),
  };

  find(method: DescMethod | undefined, protocol: ProtocolName): RpcCounter {
    const counters = this.#byProtocol[protocol];
    let counter = counters.get(method);
    if (counter === undefined) {
      counter = new RpcCounter(method, protocol);
      counters.set(method, counter);
    }
    return counter;
  }

  read(): readonly RpcCounts[] {
    return Object.values(this.#byProtocol).flatMap((counters) =>
      [...counters.values()].map((counter) => counter.read()),
    );
  }
}

function kindOf(method: DescMethod | undefined): RpcKind | undefined {
  if (method === Ingress.method.invoke) {
    return "send";
  }
  return method === undefined || /^(dev\.restate|grpc|restateconnect)\./.test(method.parent.typeName)
    ? undefined
    : "call";
}
