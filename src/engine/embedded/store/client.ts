import { setImmediate } from "node:timers"; // not the global one, which tests may replace
import { closing, exhausted, storeFailed } from "../errors.ts";
import type { OpenChannel, StoreChannel } from "./channel.ts";
import {
  type Command,
  type Effect,
  type FromStore,
  payloadBytes,
  type StoreOptions,
  type StoreResponse,
  type ToStore,
} from "./protocol.ts";

export interface StoreClientOptions {
  readonly store: StoreOptions;
  /** Invocations that may wait to be accepted. */
  readonly maxPending: number;
  /** The payload of all that waits for the store when an invocation or a completion is added to it, bytes. */
  readonly maxPendingBytes: number;
  /** The store cannot continue. */
  readonly onFatal: (message: string) => void;
}

interface PendingRequest {
  readonly resolve: ((response: StoreResponse) => void) | undefined;
  readonly reject: ((error: Error) => void) | undefined;
  readonly isAccept: boolean;
  readonly bytes: number;
}

/**
 * The main thread's end of the store. Commands of one turn of the event loop travel together; the store takes all that
 * have arrived as one transaction.
 */
export class StoreClient {
  readonly #options: StoreClientOptions;
  readonly #channel: StoreChannel;
  readonly #opening = Promise.withResolvers<Uint8Array>();
  readonly #closed = Promise.withResolvers<void>();
  #onEffect: (effect: Effect) => void = () => undefined;
  #outbox: Command[] = [];
  #pending: PendingRequest[] = [];
  #pendingAccepts = 0;
  #pendingBytes = 0;
  /** The reason why it takes no more requests. */
  #ended: Error | undefined;

  private constructor(options: StoreClientOptions, openChannel: OpenChannel) {
    this.#options = options;
    this.#channel = openChannel(options.store, (message) => this.#receive(message));
  }

  /**
   * Opens the store. `idSecret`: the secret by which ids are derived.
   *
   * @throws Error (rejects) if the store cannot be opened.
   */
  static async open(
    options: StoreClientOptions,
    openChannel: OpenChannel,
  ): Promise<{ readonly store: StoreClient; readonly idSecret: Uint8Array }> {
    const store = new StoreClient(options, openChannel);
    return { store, idSecret: await store.#opening.promise };
  }

  /** True if no request waits for the store. */
  get isIdle(): boolean {
    return this.#pending.length === 0;
  }

  /** Lets effects come from now on. */
  start(onEffect: (effect: Effect) => void): void {
    this.#onEffect = onEffect;
    this.#send({ kind: "start" });
  }

  /** Resolves once the command is carried out: for a write, once it is on disk. */
  request(command: Command): Promise<StoreResponse> {
    if (this.#ended !== undefined) {
      return Promise.reject(this.#ended);
    }
    if (this.#isTooMuch(command)) {
      return Promise.reject(exhausted("queue_full", "too many requests wait for the store"));
    }
    return new Promise((resolve, reject) => this.#enqueue(command, resolve, reject));
  }

  /** Sends a command whose response does not matter. */
  post(command: Command): void {
    if (this.#ended === undefined) {
      this.#enqueue(command, undefined, undefined);
    }
  }

  /** Lets the store hand out no further attempt. */
  drain(): void {
    if (this.#ended === undefined) {
      this.#send({ kind: "drain" });
    }
  }

  /** Carries out the requests that were made, closes the store and ends its thread. */
  async close(): Promise<void> {
    if (this.#ended === undefined) {
      this.#ended = closing();
      this.#flush();
      this.#send({ kind: "close" });
      await this.#closed.promise;
    }
    await this.#channel.end();
  }

  #send(message: ToStore): void {
    this.#channel.post(message);
  }

  #receive(message: FromStore): void {
    switch (message.kind) {
      case "opened":
        this.#opening.resolve(message.idSecret);
        break;
      case "open-failed":
        this.#ended = new Error(message.message);
        this.#opening.reject(this.#ended);
        break;
      case "batch":
        this.#takeBatch(message);
        break;
      case "fatal":
        this.#fail(message.message);
        break;
      case "closed":
        this.#closed.resolve();
        break;
    }
  }

  #flush(): void {
    if (this.#outbox.length > 0) {
      const commands = this.#outbox;
      this.#outbox = [];
      this.#send({ kind: "commands", commands });
    }
  }

  #enqueue(command: Command, resolve: PendingRequest["resolve"], reject: PendingRequest["reject"]): void {
    if (this.#outbox.push(command) === 1) {
      setImmediate(() => this.#flush());
    }
    const request = { resolve, reject, isAccept: command.op === "accept", bytes: payloadBytes(command) };
    this.#pendingAccepts += request.isAccept ? 1 : 0;
    this.#pendingBytes += request.bytes;
    this.#pending.push(request);
  }

  /** The engine's own work has to be done; requests from outside can be made again. */
  #isTooMuch(command: Command): boolean {
    const { maxPending, maxPendingBytes } = this.#options;
    if (command.op !== "accept" && command.op !== "complete-awakeable") {
      return false;
    }
    return (
      (command.op === "accept" && this.#pendingAccepts >= maxPending) ||
      (this.#pendingBytes > 0 && this.#pendingBytes + payloadBytes(command) > maxPendingBytes)
    );
  }

  #takeBatch({ responses, effects }: FromStore & { readonly kind: "batch" }): void {
    const answered = this.#pending.slice(0, responses.length);
    this.#pending = this.#pending.slice(responses.length);
    for (const [i, response] of responses.entries()) {
      const request = answered[i];
      this.#pendingAccepts -= request?.isAccept === true ? 1 : 0;
      this.#pendingBytes -= request?.bytes ?? 0;
      request?.resolve?.(response);
    }
    for (const effect of effects) {
      this.#onEffect(effect);
    }
  }

  /** Nothing is acknowledged any more: the next start finds out what is on disk. */
  #fail(message: string): void {
    if (this.#ended !== undefined) {
      return;
    }
    const error = storeFailed(message);
    this.#ended = error;
    this.#opening.reject(error);
    for (const { reject } of this.#pending) {
      reject?.(error);
    }
    this.#pending = [];
    this.#options.onFatal(message);
  }
}
