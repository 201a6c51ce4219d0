import { createTestEnvironment, type TestEnvironment } from "restate-connect/testing";
import { silentLogger } from "../support/loggers.ts";
import type { Bench } from "./case.ts";
import { makeNotes } from "./notes.ts";
import { behaviourServices } from "./services.ts";

/** A test environment for one case, whose time passes as real time does. */
export async function startEnvironment(): Promise<Pick<Bench, "transport" | "notes"> & AsyncDisposable> {
  const notes = makeNotes();
  const env = await createTestEnvironment({
    services: behaviourServices(notes),
    allowCancel: true,
    logger: silentLogger,
  });
  const end = follow(env);
  return {
    transport: env.transport,
    notes,
    async [Symbol.asyncDispose]() {
      end();
      await env.close();
    },
  };
}

/** Lets as much time pass as really passes, until the end. */
function follow(env: TestEnvironment): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    env.advance(now - last).catch(() => undefined); // closed
    last = now;
  }, 5);
  return () => clearInterval(timer);
}
