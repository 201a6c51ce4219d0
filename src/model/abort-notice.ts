/** The part of an `AbortSignal` that reports the abort. Every `AbortSignal` is an `AbortNotice`. */
export interface AbortNotice {
  /** True after the abort. */
  readonly aborted: boolean;
  /** Reason of the abort. */
  readonly reason: unknown;
  /** Throws the reason after the abort. */
  throwIfAborted(): void;
  /** Adds a listener, called once on the abort. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Returns an `AbortSignal` for a notice, for functions that require one. */
export function abortSignalOf(notice: AbortNotice): AbortSignal {
  if (notice instanceof LazyAbortSignal) {
    return notice.signal;
  }
  if (notice instanceof AbortSignal) {
    return notice;
  }
  const controller = new AbortController();
  const abort = (): void => controller.abort(notice.reason);
  if (notice.aborted) {
    abort();
  } else {
    notice.addEventListener("abort", abort);
  }
  return controller.signal;
}

/**
 * An `AbortController` and its signal, for the many requests that nobody aborts: the signal exists once somebody
 * asks for it. Listeners are called once, in the order in which they were added.
 */
export class LazyAbortSignal implements AbortNotice {
  #aborted = false;
  #reason: unknown;
  #listeners: (() => void)[] | undefined;
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) {
        this.#controller.abort(this.#reason);
      }
    }
    return this.#controller.signal;
  }

  throwIfAborted(): void {
    if (this.#aborted) {
      throw this.#reason;
    }
  }

  addEventListener(_: "abort", listener: () => void): void {
    this.#listeners ??= [];
    this.#listeners.push(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    const index = this.#listeners?.lastIndexOf(listener) ?? -1;
    if (index >= 0) {
      this.#listeners?.splice(index, 1);
    }
  }

  /** Aborts, the first time that it is called. */
  abort(reason: unknown): void {
    if (this.#aborted) {
      return;
    }
    this.#aborted = true;
    this.#reason = reason;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    this.#controller?.abort(reason);
    for (const listener of listeners) {
      listener();
    }
  }
}
