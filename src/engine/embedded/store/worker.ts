import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { Command, FromStore, StoreOptions, ToStore } from "../protocol.ts";
import { describe, openDatabase } from "./database.ts";
import { lockDirectory } from "./lock.ts";
import { createPartition } from "./partition.ts";

/** Commands in one transaction: more would make the first of them wait too long for the flush. */
const batchLimit = 1_024;

/** The store thread: opens the store, then turns whatever has queued up into one batch after the other. */
function run(port: MessagePort, options: StoreOptions): void {
  const post = (message: FromStore): void => port.postMessage(message);
  const lock = lockDirectory(options.path);
  const db = openDatabase(options);
  const partition = createPartition(db, options, post);
  post({ kind: "opened" });
  port.on("message", (firstMessage: ToStore) => {
    let message: ToStore | undefined = firstMessage;
    while (message !== undefined) {
      const commands: Command[] = [];
      while (message?.kind === "commands") {
        commands.push(...message.commands);
        message = commands.length < batchLimit ? receive(port) : undefined;
      }
      if (commands.length > 0) {
        partition.handle(commands);
      }
      if (message?.kind === "start") {
        partition.start();
      } else if (message?.kind === "drain") {
        partition.drain();
      } else if (message?.kind === "close") {
        partition.stop();
        db.close();
        lock.release();
        post({ kind: "closed" });
        port.close();
        return;
      }
      message = message === undefined ? undefined : receive(port);
    }
  });
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
