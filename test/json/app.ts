import { JsonCallError, type JsonCallOptions } from "restate-connect/json";
import { createCounterJsonClient } from "../../generated/org/example/counter_restate_json.ts";
import { createGreeterJsonClient } from "../../generated/org/example/greeter_restate_json.ts";

/** What the tests ask the page to do. Answers are plain data: they leave the browser as JSON. */
const actions = {
  async greet(baseUrl: string, name: string, options?: JsonCallOptions): Promise<string | undefined> {
    return (await createGreeterJsonClient({ baseUrl }).greet({ name }, options)).greeting;
  },

  async add(baseUrl: string, key: string, value: string): Promise<string | undefined> {
    return (await createCounterJsonClient({ baseUrl }).key(key).add({ value })).value;
  },

  /** Sends with a delay, and calls with the same idempotency key: that joins the invocation. */
  async sendAndJoin(baseUrl: string, name: string): Promise<{ id: string; greeting: string | undefined }> {
    const greeter = createGreeterJsonClient({ baseUrl });
    const { id } = await greeter.send.greet({ name }, { delay: 20, idempotencyKey: name });
    return { id, greeting: (await greeter.greet({ name }, { idempotencyKey: name })).greeting };
  },

  /** Makes a call that fails and shows the error that the page gets. */
  async failure(baseUrl: string, name: string, timeoutMs?: number): Promise<Failure> {
    const controller = new AbortController();
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    if (name === "aborted") {
      controller.abort();
    }
    try {
      await createGreeterJsonClient({ baseUrl }).greet({ name }, { ...options, signal: controller.signal });
    } catch (reason) {
      if (!(reason instanceof JsonCallError)) {
        throw reason;
      }
      const { code, message, details } = reason;
      return { code, message, details: details.map(({ type }) => type) };
    }
    throw new Error("the call did not fail");
  },
};

/** An error as the page sees it. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly details: readonly string[];
}

declare global {
  var jsonApp: typeof actions;
}

globalThis.jsonApp = actions;
