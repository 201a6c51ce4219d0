import type { DatabaseSync } from "node:sqlite";
import type { Processor } from "./processor.ts";
import type { FromStore, ToStore } from "./protocol.ts";

/** Carries out a message to an opened store. */
export function handleMessage(
  message: ToStore,
  processor: Processor,
  db: DatabaseSync,
  post: (message: FromStore) => void,
): void {
  switch (message.kind) {
    case "commands":
      processor.handle(message.commands);
      break;
    case "start":
      processor.start();
      break;
    case "drain":
      processor.drain();
      break;
    case "close":
      processor.stop();
      db.close();
      post({ kind: "closed" });
      break;
  }
}
