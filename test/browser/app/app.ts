import { ConnectError } from "@connectrpc/connect";
import { invocation, restateError } from "restate-connect";
import { createTransport, type WebTransportOptions } from "restate-connect/web";
import { AddRequestSchema } from "../../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { createOrdersClient } from "../../../generated/org/example/orders_restate.ts";

/** Where to, as plain data: it travels into the browser as JSON. */
export type To = Pick<WebTransportOptions, "baseUrl" | "format" | "protocol" | "useHttpGet"> & {
  readonly retry?: boolean;
};

/** Whom to greet, and how. */
export interface Greet {
  readonly name: string;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the tests ask the page to do. Answers are plain data: they leave the browser as JSON. */
const actions = {
  async greet(to: To, { name, ...options }: Greet): Promise<string> {
    const { greeting } = await createGreeterClient(createTransport(to)).greet({ name }, options);
    return greeting;
  },

  async add(to: To, key: string, value: string): Promise<string> {
    const counter = createCounterClient(createTransport(to)).key(key);
    return String((await counter.add({ value: BigInt(value) })).value);
  },

  async find(to: To, number: string): Promise<string> {
    return String((await createOrdersClient(createTransport(to)).find({ number: BigInt(number) })).number);
  },

  /** Calls what fails, and tells everything that the page can read of the error. */
  async failure(to: To, { name, ...options }: Greet): Promise<Failure> {
    try {
      await createGreeterClient(createTransport(to)).greet({ name }, options);
    } catch (reason) {
      const error = ConnectError.from(reason);
      const details = error.findDetails(AddRequestSchema).map(({ counter, value }) => `${counter} ${value}`);
      const { source, metadata } = restateError(reason) ?? {};
      return { code: error.code, message: error.rawMessage, details, hint: metadata?.["x-hint"], source };
    }
    throw new Error("the call did not fail");
  },

  async sendAndAttach(to: To, name: string): Promise<{ id: string; greeting: string }> {
    const sent = await createGreeterClient(createTransport(to)).send.greet({ name });
    const { greeting } = await sent.attach();
    return { id: sent.id, greeting };
  },

  /** Calls with an idempotency key, and returns what is found by that key alone. */
  async callAndFind(to: To, name: string, idempotencyKey: string): Promise<{ id: string; greeting: string }> {
    const transport = createTransport(to);
    await createGreeterClient(transport).greet({ name }, { idempotencyKey });
    const found = invocation(transport, { method: Greeter.method.greet, idempotencyKey });
    const output = await found.output();
    return { id: (await found.get()).id, greeting: output?.greeting ?? "" };
  },

  /** The response headers and trailers of a call that the page can read. */
  async metadata(to: To, idempotencyKey: string): Promise<Record<string, string>> {
    const read: Record<string, string> = {};
    const note = (headers: Headers): void => {
      for (const [name, value] of headers) {
        read[name] = value;
      }
    };
    await createGreeterClient(createTransport(to)).greet(
      { name: "Pete" },
      { idempotencyKey, onHeader: note, onTrailer: note },
    );
    return read;
  },
};

/** An error as the page sees it. */
export interface Failure {
  readonly code: number;
  readonly message: string;
  readonly details: readonly string[];
  readonly hint: string | undefined;
  readonly source: string | undefined;
}

declare global {
  var app: typeof actions;
}

globalThis.app = actions;
