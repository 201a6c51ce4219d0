import { Worker } from "node:worker_threads";
import type { OpenChannel } from "./channel.ts";

/** Opens a store in a thread of its own, which flushes while the main thread goes on. */
export const openStoreThread: OpenChannel = (options, receive) => {
  // The thread's file has the extension of this one: .ts in the sources, .js in the build.
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const worker = new Worker(new URL(`./worker${extension}`, import.meta.url), { workerData: options });
  worker.on("message", receive);
  worker.on("error", (error) => receive({ kind: "fatal", message: String(error) }));
  worker.on("exit", () => receive({ kind: "fatal", message: "its thread has ended" }));
  return {
    post: (message) => worker.postMessage(message),
    async end() {
      await worker.terminate();
    },
  };
};
