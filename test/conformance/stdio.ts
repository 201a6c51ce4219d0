import { readFileSync } from "node:fs";
import { env, stdin, stdout } from "node:process";
import { readSchemas, type Schemas, withoutStreaming } from "./schemas.ts";

/** Name of the variable by which run.ts tells the programs under test where the suite's descriptor set is. */
export const descriptorSetVariable = "CONFORMANCE_DESCRIPTOR_SET";

/** The suite's descriptor set: its path is in the environment. */
export function descriptorSet(): Uint8Array {
  const path = env[descriptorSetVariable];
  if (path === undefined) {
    throw new Error("run the conformance suite with: npm run conformance");
  }
  return readFileSync(path);
}

/** The suite's schemas, for a client that run.ts started. */
export function suiteSchemas(): Schemas {
  return readSchemas(descriptorSet());
}

/** The suite's schemas without its streaming methods, which our ingress refuses to serve. */
export function unarySchemas(): Schemas {
  return readSchemas(withoutStreaming(descriptorSet()));
}

/** The runner's messages on standard input: each after its size, four bytes, big endian. */
export async function* readMessages(): AsyncGenerator<Uint8Array> {
  let buffered = Buffer.alloc(0);
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.byteLength >= 4) {
      const end = 4 + buffered.readUInt32BE();
      if (buffered.byteLength < end) {
        break;
      }
      yield buffered.subarray(4, end);
      buffered = buffered.subarray(end);
    }
  }
}

/** Writes a message for the runner to standard output. Nothing else may be written there. */
export function writeMessage(message: Uint8Array): void {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(message.byteLength);
  stdout.write(Buffer.concat([size, message]));
}

/** More calls at once than this, and a small machine misses the short deadlines of some cases. */
const maxConcurrent = 8;

/** Handles each of the runner's messages, several at once, and resolves when all are done. */
export async function forEachMessage(handle: (message: Uint8Array) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const message of readMessages()) {
    const done = handle(message).finally(() => running.delete(done));
    running.add(done);
    if (running.size >= maxConcurrent) {
      await Promise.race(running);
    }
  }
  await Promise.all(running);
}
