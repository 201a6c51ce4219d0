import { type DescMethodUnary, type DescService, fromBinary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { invocation } from "../client/invocation.ts";
import "../client/send.ts"; // loaded early: a send that is not awaited is on its way in the same turn
import { headersFrom } from "../model/failure.ts";
import { unaryMethods } from "../model/unary-methods.ts";
import { methodPath, ofMethod, type Send, type Sends } from "./record.ts";
import type { SentTarget } from "./watched-operations.ts";

/** The sends that an engine has accepted. */
export interface RecordedSends {
  /** Keeps a send. A duplicate is the one that was kept before. */
  keep(sent: SentTarget, transport: Transport): void;
  readonly sends: Sends;
}

/** Makes a record of sends to these services. */
export function recordSends(services: readonly DescService[]): RecordedSends {
  const all: Send[] = [];
  const methods = new Map(services.flatMap(unaryMethods).map((method) => [methodPath(method), method]));
  return {
    keep({ target, input, options, accepted }, transport) {
      const method = methods.get(`${target.service}/${target.method}`);
      if (method === undefined || accepted.duplicate) {
        return;
      }
      all.push({
        method,
        key: target.key,
        message: fromBinary(method.input, input),
        delay: options.delayMs,
        idempotencyKey: options.idempotency?.key,
        headers: headersFrom(options.headers ?? []),
        invocation: invocation(transport, accepted.id, method.output),
      });
    },
    sends: (method?: DescMethodUnary) => ofMethod(all, method),
  };
}
