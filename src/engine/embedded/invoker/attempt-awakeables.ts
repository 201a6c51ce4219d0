import { Code, ConnectError } from "@connectrpc/connect";
import type { AwakeableValue } from "../../../model/invocation.ts";
import type { StoredCompletion } from "../store/protocol.ts";

/** Loads the completion of an awakeable once the handler asks for its value. */
export type LoadCompletion = () => StoredCompletion | Promise<StoredCompletion>;

interface Requested {
  readonly value: PromiseWithResolvers<AwakeableValue>;
  isCompleted: boolean;
}

/** The awakeables of one attempt, by index. */
export class AttemptAwakeables {
  readonly #onWait: (value: Promise<AwakeableValue>) => void;
  /** The awakeables that the handler has asked for. */
  readonly #requested: Requested[] = [];
  /** Completions that came before the handler asked: they are not loaded until then. */
  readonly #early = new Map<number, LoadCompletion>();
  /** The indexes whose values the handler waits for. An index stays until the handler has seen the value. */
  readonly #awaited = new Set<number>();
  #abandoned: { readonly reason: unknown } | undefined;

  /** `onWait` is called with each value that the handler has to wait for. */
  constructor(onWait: (value: Promise<AwakeableValue>) => void) {
    this.#onWait = onWait;
  }

  /** The value of the next one. */
  next(): { readonly index: number; readonly value: Promise<AwakeableValue> } {
    const index = this.#requested.length;
    const value = Promise.withResolvers<AwakeableValue>();
    // A handler may never look at it.
    value.promise.catch(() => undefined);
    const requested = { value, isCompleted: false };
    this.#requested.push(requested);
    if (this.#abandoned !== undefined) {
      value.reject(this.#abandoned.reason);
      return { index, value: value.promise };
    }
    this.#awaited.add(index);
    const onSeen = (): void => void this.#awaited.delete(index);
    value.promise.then(onSeen, onSeen);
    this.#onWait(value.promise);
    const load = this.#early.get(index);
    if (load !== undefined) {
      this.#early.delete(index);
      settle(requested, load);
    }
    return { index, value: value.promise };
  }

  /** Completes an awakeable, before or after the handler asks. The first completion wins. */
  complete(index: number, load: LoadCompletion): void {
    const requested = this.#requested[index];
    if (requested !== undefined) {
      settle(requested, load);
    } else if (!this.#early.has(index)) {
      this.#early.set(index, load);
    }
  }

  /** True if the handler has asked for it. */
  isRequested(index: number): boolean {
    return index < this.#requested.length;
  }

  /** True if it was completed, whether the handler has asked for it or not. */
  isCompleted(index: number): boolean {
    return this.#early.has(index) || this.#requested[index]?.isCompleted === true;
  }

  /** The number of completions that came before the handler asked for them. */
  get earlyCount(): number {
    return this.#early.size;
  }

  /** The indexes whose values the handler waits for. */
  get awaited(): readonly number[] {
    return [...this.#awaited];
  }

  /** Rejects the values that the handler waits for, now and from now on. */
  abandon(reason: unknown): void {
    this.#abandoned = { reason };
    for (const { value } of this.#requested) {
      value.reject(reason);
    }
  }
}

function settle(requested: Requested, load: LoadCompletion): void {
  if (requested.isCompleted) {
    return;
  }
  requested.isCompleted = true;
  const { resolve, reject } = requested.value;
  Promise.resolve()
    .then(load)
    .then(({ kind, body }) => {
      if (kind === "rejected") {
        // The code with which Restate rejects.
        reject(new ConnectError(new TextDecoder().decode(body), Code.Unknown));
      } else {
        resolve({ format: kind, bytes: body });
      }
    })
    .catch(reject);
}
