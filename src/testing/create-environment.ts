import type { TestEnvironment, TestEnvironmentOptions } from "./environment.ts";

/**
 * Starts services in memory, for tests: no socket, no file, no thread. The ingress and the engine are those of
 * `createIngress` and `embedded()`, so that headers, errors, keys, retries and idempotency are what they are in
 * production. Time passes when the test says so, and at once. A retry waits for its whole interval: there is no jitter.
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
  // Tests of pages import this file too, for the test transport.
  const { startEnvironment } = await import("./start-environment.ts");
  return await startEnvironment(options);
}
