import { isError } from "../model/is-error.ts";
import type { TestEnvironment, TestEnvironmentOptions } from "./environment.ts";

/**
 * Starts services in memory, for tests: no socket, no file, no thread. The ingress and the engine are those of
 * `createIngress` and `embedded()`, so that headers, errors, keys, retries and idempotency are what they are in
 * production. Time passes when the test says so, and at once. A retry waits for its whole interval, without jitter.
 *
 * ```ts
 * await using env = await createTestEnvironment({ services });
 * const sent = await createGreeterClient(env.transport).send.greet({ name: "Pete" }, { delay: 60_000 });
 * await env.advance({ minutes: 1 });
 * await sent.attach();
 * ```
 *
 * Deadlines of callers (`timeoutMs`) are those of their transports: they pass in real time.
 *
 * @throws Error (rejects) as `createIngress` and `embedded()` do: for services or options that cannot be used, and on a
 *   Node that is too old
 */
export async function createTestEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment> {
  return await (await load()).startEnvironment(options);
}

/** What runs an environment. Its name is a value, so that what bundles a page or compiles CommonJS leaves it out. */
const environmentModule: string = "./start-environment.ts";

async function load(): Promise<{
  startEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment>;
}> {
  try {
    return await import(environmentModule);
  } catch (cause) {
    if (isError(cause) && "code" in cause && cause.code === "ERR_REQUIRE_ESM") {
      throw new Error(
        "createTestEnvironment() loads ES modules: run Jest with NODE_OPTIONS=--experimental-vm-modules, on Node 24.9 or " +
          'later; on Node 22 write await import("restate-connect/testing") besides',
        { cause },
      );
    }
    throw cause;
  }
}
