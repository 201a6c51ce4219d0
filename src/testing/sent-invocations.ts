import type { Transport } from "@connectrpc/connect";
import type { AttachRequest } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { invocation } from "../client/invocation.ts";
import { unknownInvocation } from "../ingress/builtin/invocation-message.ts";
import { handlerKind } from "../model/handler-kind.ts";
import type { Outcome } from "../model/outcome.ts";
import { type Call, methodPath, type Send } from "./record.ts";
import { SentInvocation } from "./sent-invocation.ts";

/** How a request names an invocation. */
type Naming = Pick<AttachRequest, "id" | "workflow" | "idempotentInvocation">;

/** The one-way invocations of a test transport. */
export class SentInvocations {
  readonly #transport: Transport;
  readonly #newId: () => string;
  readonly #run: (call: Call) => Promise<Outcome>;
  readonly #all: SentInvocation[] = [];

  /** `run` gives the outcome of an invocation. */
  constructor(transport: Transport, newId: () => string, run: (call: Call) => Promise<Outcome>) {
    this.#transport = transport;
    this.#newId = newId;
    this.#run = run;
  }

  /** What was sent, the oldest first. */
  get sends(): readonly Send[] {
    return this.#all.map(({ send }) => send);
  }

  /** Accepts a send, unless it is one that was accepted before. */
  accept(call: Call, delay: number | undefined): { readonly id: string; readonly isDuplicate: boolean } {
    const known = this.#all.find(({ send }) => isSame(send, call));
    if (known !== undefined) {
      return { id: known.send.invocation.id, isDuplicate: true };
    }
    const id = this.#newId();
    const send: Send = { ...call, delay, invocation: invocation(this.#transport, id, call.method.output) };
    this.#all.push(new SentInvocation(send, this.#run(call)));
    return { id, isDuplicate: false };
  }

  /** @throws ConnectError `not_found` for an invocation that was not sent through this transport */
  find(naming: Naming): SentInvocation {
    const found = this.#all.find(({ send }) => isMeant(send, naming));
    if (found === undefined) {
      const { id, workflow, idempotentInvocation } = naming;
      throw unknownInvocation(idempotentInvocation?.idempotencyKey ?? workflow?.id ?? id);
    }
    return found;
  }
}

/** The same workflow, or the same idempotency key. */
function isSame(send: Send, { method, key, idempotencyKey }: Call): boolean {
  const isOne = handlerKind(method) === "run" || idempotencyKey !== undefined;
  return (
    isOne &&
    methodPath(send.method) === methodPath(method) &&
    send.key === key &&
    send.idempotencyKey === idempotencyKey
  );
}

function isMeant({ method, key, idempotencyKey, invocation }: Send, naming: Naming): boolean {
  const { id, workflow, idempotentInvocation: idempotent } = naming;
  const service = method.parent.typeName;
  if (idempotent !== undefined) {
    return (
      idempotent.service === service &&
      idempotent.method === method.name &&
      (key ?? "") === (idempotent.key ?? "") &&
      idempotent.idempotencyKey === idempotencyKey
    );
  }
  if (workflow !== undefined) {
    return workflow.service === service && workflow.id === key && handlerKind(method) === "run";
  }
  return invocation.id === id;
}
