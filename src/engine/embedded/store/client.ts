import { Worker } from "node:worker_threads";
import { closing, exhausted } from "../errors.ts";
import { payloadBytes } from "../payload-bytes.ts";
import type { Answer, Command, Effect, FromStore, StoreOptions, ToStore } from "./protocol.ts";

/** The main thread's end of the store. */
export interface Link {
  /** Effects may come from now on. */
  start(): void;
  /** Resolves once the command is carried out: for a write, once it is on disk. */
  request(command: Command): Promise<Answer>;
  /** For commands without a result. */
  post(command: Command): void;
  /** From now on no attempt is handed out. */
  drain(): void;
  /** Carries out what was asked for, closes the store and ends its thread. */
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly store: StoreOptions;
  /** Invocations that may wait to be accepted. */
  readonly maxPending: number;
  /** What all that waits for the store may carry when an invocation or a completion is added to it, bytes. */
  readonly maxPendingBytes: number;
  readonly onEffect: (effect: Effect) => void;
  /** The store cannot go on. */
  readonly onFatal: (message: string) => void;
}

interface Pending {
  readonly settle: ((answer: Answer) => void) | undefined;
  readonly isAccept: boolean;
  readonly bytes: number;
}

/**
 * Starts the store's thread. Commands of one turn of the event loop travel together; the store takes all
 * that has arrived as one transaction.
 *
 * @throws Error (rejects) when the store cannot be opened.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { store, maxPending, maxPendingBytes, onEffect, onFatal } = options;
  // The thread's file has the extension that this one has: .ts in the sources, .js when built.
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const worker = new Worker(new URL(`./worker${extension}`, import.meta.url), { workerData: store });
  let outbox: Command[] = [];
  let pending: Pending[] = [];
  let pendingAccepts = 0;
  let pendingBytes = 0;
  let isClosed = false;
  const send = (message: ToStore): void => worker.postMessage(message);
  const opening = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();

  const flush = (): void => {
    if (outbox.length > 0) {
      const commands = outbox;
      outbox = [];
      send({ kind: "commands", commands });
    }
  };
  const enqueue = (command: Command, settle: Pending["settle"]): void => {
    if (outbox.push(command) === 1) {
      setImmediate(flush);
    }
    const entry = { settle, isAccept: command.op === "accept", bytes: payloadBytes(command) };
    pendingAccepts += entry.isAccept ? 1 : 0;
    pendingBytes += entry.bytes;
    pending.push(entry);
  };
  /** The store's own work has to be done; what comes from outside can come again. */
  const isRefused = (command: Command): boolean => {
    const isTooMany = command.op === "accept" && pendingAccepts >= maxPending;
    const isTooMuch =
      (command.op === "accept" || command.op === "awaken") &&
      pendingBytes > 0 &&
      pendingBytes + payloadBytes(command) > maxPendingBytes;
    return isTooMany || isTooMuch;
  };

  worker.on("message", (message: FromStore) => {
    switch (message.kind) {
      case "opened":
        return opening.resolve();
      case "not-opened":
        isClosed = true;
        return opening.reject(new Error(message.message));
      case "batch": {
        const settled = pending.slice(0, message.answers.length);
        pending = pending.slice(message.answers.length);
        for (const [i, answer] of message.answers.entries()) {
          const entry = settled[i];
          pendingAccepts -= entry?.isAccept === true ? 1 : 0;
          pendingBytes -= entry?.bytes ?? 0;
          entry?.settle?.(answer);
        }
        return message.effects.forEach(onEffect);
      }
      case "fatal":
        return onFatal(message.message);
      case "closed":
        return closed.resolve();
    }
  });
  worker.on("error", (error) => onFatal(String(error)));
  worker.on("exit", () => {
    if (!isClosed) {
      onFatal("its thread has ended");
    }
  });
  await opening.promise;

  return {
    request: (command) => {
      if (isClosed) {
        return Promise.reject(closing());
      }
      if (isRefused(command)) {
        return Promise.reject(exhausted("too many requests wait for the store"));
      }
      return new Promise((resolve) => enqueue(command, resolve));
    },
    post: (command) => {
      if (!isClosed) {
        enqueue(command, undefined);
      }
    },
    start: () => send({ kind: "start" }),
    drain: () => send({ kind: "drain" }),
    close: async () => {
      isClosed = true;
      flush();
      send({ kind: "close" });
      await closed.promise;
      await worker.terminate();
    },
  };
}
