import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { handleMessage } from "./handle-message.ts";
import { Processor } from "./processor.ts";
import { type Command, type FromStore, payloadBytes, type StoreOptions, type ToStore } from "./protocol.ts";
import { openDatabase, storeFile } from "./sqlite/database.ts";
import { makeDirectory } from "./sqlite/directory.ts";
import { describeError } from "./sqlite/errors.ts";
import { loadIdSecret } from "./sqlite/id-secret.ts";
import { writeOwner } from "./sqlite/owner.ts";
import { smallInput } from "./sqlite/statements.ts";
import { threadSurroundings } from "./thread-surroundings.ts";

/** Commands, and their bytes, in one transaction: with more the first of them would wait too long for the flush. */
const batchLimit = 1_024;
const batchBytes = 4 * 2 ** 20;

/**
 * The store thread: opens the store, then turns the queued commands into one batch after the other.
 *
 * @throws Error with a sentence that names the file and the fix.
 */
function run(port: MessagePort, options: StoreOptions): void {
  makeDirectory(options.path);
  const db = openDatabase(options);
  try {
    writeOwner(options.path);
    const idSecret = loadIdSecret(db);
    const surroundings = threadSurroundings(options.path);
    const processor = new Processor(db, options, surroundings, (message) => post(port, message));
    port.on("message", (message: ToStore) => {
      for (const step of batchSteps(port, message)) {
        handleMessage(step, processor, db, (response) => post(port, response));
        if (step.kind === "close") {
          port.close();
        }
      }
    });
    post(port, { kind: "opened", idSecret });
  } catch (error) {
    db.close();
    throw new Error(`cannot open ${storeFile(options.path)}: ${describeError(error)}`, { cause: error });
  }
}

/** Large values are moved to the main thread rather than copied. */
function post(port: MessagePort, message: FromStore): void {
  port.postMessage(message, message.kind === "batch" ? largeBuffers(message) : []);
}

function largeBuffers({ responses, effects }: FromStore & { readonly kind: "batch" }): ArrayBuffer[] {
  const large: ArrayBuffer[] = [];
  const add = (bytes: Uint8Array | null | undefined): void => {
    if (
      bytes !== null &&
      bytes !== undefined &&
      bytes.length > smallInput &&
      bytes.buffer instanceof ArrayBuffer
    ) {
      large.push(bytes.buffer);
    }
  };
  for (const effect of effects) {
    if (effect.kind === "run") {
      add(effect.input);
    }
  }
  for (const response of responses) {
    if (response.kind === "outcome") {
      add(response.completed?.outcome.body);
    } else if (response.kind === "awakeable") {
      add(response.completion?.body);
    }
  }
  return large;
}

/** The messages that have arrived. The commands of neighbours are put together into batches of a good size. */
function* batchSteps(port: MessagePort, firstMessage: ToStore): Generator<ToStore> {
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
      if (message.kind === "close") {
        return;
      }
    }
  }
  yield { kind: "commands", commands };
}

function receive(port: MessagePort): ToStore | undefined {
  // Only client.ts has the other end of this port.
  return receiveMessageOnPort(port)?.message as ToStore | undefined;
}

if (parentPort !== null) {
  const port = parentPort;
  process.on("uncaughtException", (error) => {
    post(port, { kind: "fatal", message: describeError(error) });
    port.close();
  });
  try {
    // Only client.ts starts this thread.
    run(port, workerData as StoreOptions);
  } catch (error) {
    post(port, { kind: "open-failed", message: describeError(error) });
    port.close();
  }
}
