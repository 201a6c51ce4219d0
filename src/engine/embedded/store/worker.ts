import type { DatabaseSync } from "node:sqlite";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { payloadBytes } from "../payload-bytes.ts";
import { createPartition } from "./processor.ts";
import type { Command, FromStore, StoreOptions, ToStore } from "./protocol.ts";
import { describe, openDatabase, storeFile } from "./sqlite/database.ts";
import { lockDirectory } from "./sqlite/directory-lock.ts";

/** Limits of a transaction, in commands and bytes: in a larger one, the first command would wait too long for the flush. */
const batchLimit = 1_024;
const batchBytes = 4 * 2 ** 20;

/**
 * The store thread: opens the store, then turns what has queued up into one batch after the other.
 *
 * @throws Error that names the file and the fix.
 */
function run(port: MessagePort, options: StoreOptions): void {
  const post = (message: FromStore): void => port.postMessage(message);
  const lock = lockDirectory(options.path);
  let db: DatabaseSync | undefined;
  const close = (): void => {
    db?.close();
    lock.release();
  };
  try {
    db = openDatabase(options);
    const partition = createPartition(db, options, post);
    port.on("message", (message: ToStore) => {
      for (const step of steps(port, message)) {
        if (step.kind === "commands") {
          partition.handle(step.commands);
        } else if (step.kind === "start") {
          partition.start();
        } else if (step.kind === "drain") {
          partition.drain();
        } else {
          partition.stop();
          close();
          post({ kind: "closed" });
          port.close();
          return;
        }
      }
    });
    post({ kind: "opened" });
  } catch (error) {
    close();
    throw new Error(`cannot open ${storeFile(options.path)}: ${describe(error)}`, { cause: error });
  }
}

/** The messages that have arrived, with the commands of neighbours put together into batches of a good size. */
function* steps(port: MessagePort, firstMessage: ToStore): Generator<ToStore> {
  let commands: Command[] = [];
  let bytes = 0;
  for (let message: ToStore | undefined = firstMessage; message !== undefined; message = receive(port)) {
    for (const command of message.kind === "commands" ? message.commands : []) {
      commands.push(command);
      bytes += payloadBytes(command);
      if (commands.length >= batchLimit || bytes >= batchBytes) {
        yield { kind: "commands", commands };
        commands = [];
        bytes = 0;
      }
    }
    if (message.kind !== "commands") {
      yield { kind: "commands", commands };
      commands = [];
      bytes = 0;
      yield message;
    }
  }
  yield { kind: "commands", commands };
}

function receive(port: MessagePort): ToStore | undefined {
  // Only link.ts has the other end of this port.
  return receiveMessageOnPort(port)?.message as ToStore | undefined;
}

if (parentPort !== null) {
  const port = parentPort;
  process.on("uncaughtException", (error) => {
    port.postMessage({ kind: "fatal", message: describe(error) } satisfies FromStore);
    port.close();
  });
  try {
    run(port, workerData as StoreOptions);
  } catch (error) {
    port.postMessage({ kind: "not-opened", message: describe(error) } satisfies FromStore);
    port.close();
  }
}
