import { Code, ConnectError } from "@connectrpc/connect";
import type { InvocationInfo } from "../model/invocation.ts";
import type { Outcome } from "../model/outcome.ts";
import { failed } from "./answers.ts";
import type { Send } from "./record.ts";

/** An invocation that a test transport has accepted. It runs from then on. */
export class SentInvocation {
  readonly send: Send;
  /** Rejects if the test has no answer. */
  readonly outcome: Promise<Outcome>;
  readonly #createdAt = new Date();
  readonly #canceled = Promise.withResolvers<Outcome>();
  #ended: { readonly outcome: Outcome; readonly at: Date } | undefined;

  /** `answered`: the outcome by the test's answer. */
  constructor(send: Send, answered: Promise<Outcome>) {
    this.send = send;
    this.outcome = Promise.race([this.#canceled.promise, answered]).then((outcome) => {
      this.#ended = { outcome, at: new Date() };
      return outcome;
    });
    this.outcome.catch(() => undefined); // most tests of senders answer nothing, and attach to nothing
  }

  /** Undefined until it has ended. */
  get output(): Outcome | undefined {
    return this.#ended?.outcome;
  }

  /** Ends it as cancelled, unless it has ended. */
  cancel(): void {
    this.#canceled.resolve(failed(new ConnectError("canceled", Code.Canceled)));
  }

  info(): InvocationInfo {
    const { method, key, invocation } = this.send;
    const { outcome, at } = this.#ended ?? {};
    return {
      id: invocation.id,
      target: { service: method.parent.typeName, method: method.name, key },
      state: outcome === undefined ? "running" : outcome.ok ? "succeeded" : "failed",
      attempts: 1,
      createdAt: this.#createdAt,
      modifiedAt: at ?? this.#createdAt,
      completedAt: at,
      lastFailure: outcome?.ok === false ? outcome.failure : undefined,
    };
  }
}
