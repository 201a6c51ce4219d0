// Handlers on a real Restate server that wait for several things at once.
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { RestatePromise } from "@restatedev/restate-sdk";
import { awakeables, Code, ConnectError, type Invocation } from "restate-connect";
import {
  type Context,
  createEndpoint,
  type Endpoint,
  type SdkContext,
  service,
} from "restate-connect/endpoint";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Greeter, type GreetResponse } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";

// The SDK reads its log level when it is imported.
vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

/** What a handler of one name did, over all its attempts. */
interface Notes {
  attempts: number;
  /** What completed, in its order, an entry for each attempt. */
  readonly orders: string[][];
  /** Resolves with the ids of the awakeables that the handler made. */
  readonly awakeables: PromiseWithResolvers<readonly string[]>;
  /** For the test to end what no engine waits for. */
  readonly released: PromiseWithResolvers<void>;
}

const notes = new Map<string, Notes>();

function notesOf(name: string): Notes {
  const known = notes.get(name) ?? {
    attempts: 0,
    orders: [],
    awakeables: Promise.withResolvers<readonly string[]>(),
    released: Promise.withResolvers<void>(),
  };
  notes.set(name, known);
  return known;
}

function sdkOf({ sdk }: Context): SdkContext {
  return sdk ?? expect.unreachable("no SDK");
}

/** By the first word of the name. */
const handlers: Readonly<Record<string, (ctx: Context, name: string) => Promise<string>>> = {
  async calls(ctx) {
    const client = ctx.client(createGreeterClient);
    const answers = await Promise.all(["a", "b", "c"].map((name) => client.greet({ name })));
    return answers.map(({ greeting }) => greeting).join();
  },
  async sends(ctx) {
    const { send } = ctx.client(createGreeterClient);
    const sent = await Promise.all(["a", "b"].map((name) => send.greet({ name })));
    const answers = await Promise.all(sent.map((one) => one.attach()));
    return answers.map(({ greeting }) => greeting).join();
  },
  async chains(ctx) {
    const client = ctx.client(createGreeterClient);
    const chain = async (name: string) => {
      let text = name;
      for (let n = 0; n < 3; n++) {
        text = (await client.greet({ name: text })).greeting;
      }
      return text;
    };
    return (await Promise.all([chain("a"), chain("b")])).join();
  },
  async mixed(ctx) {
    const sdk = sdkOf(ctx);
    const [answer, ran, , both] = await Promise.all([
      ctx.client(createGreeterClient).greet({ name: "a" }),
      sdk.run("ran", () => "ran"),
      sdk.sleep(20),
      RestatePromise.all([sdk.run("one", () => 1), sdk.run("two", () => 2)]),
    ]);
    return `${answer.greeting} ${ran} ${both.join()}`;
  },
  async deadlines(ctx) {
    const client = ctx.client(createGreeterClient);
    const ends = await Promise.allSettled([
      client.greet({ name: "stuck" }, { timeoutMs: 50 }),
      client.greet({ name: "a" }, { timeoutMs: 600_000 }),
    ]);
    return ends
      .map((end) =>
        end.status === "fulfilled" ? end.value.greeting : Code[ConnectError.from(end.reason).code],
      )
      .join();
  },
  async order(ctx, name) {
    const { orders, awakeables } = notesOf(name);
    const made = [ctx.awakeable(StringValueSchema), ctx.awakeable(StringValueSchema)];
    awakeables.resolve(made.map(({ id }) => id));
    const order: string[] = [];
    orders.push(order);
    const { send } = ctx.client(createGreeterClient);
    await Promise.all(
      made.map(async ({ promise }) => {
        const { value } = await promise;
        order.push(value);
        await send.greet({ name: value });
      }),
    );
    if (orders.filter(({ length }) => length === made.length).length === 1) {
      throw new Error("once more, from the journal");
    }
    return order.join();
  },
  async slept(ctx) {
    const { promise } = ctx.awakeable(StringValueSchema);
    return await Promise.race([
      promise.then(() => "completed"),
      sdkOf(ctx)
        .sleep(100)
        .then(() => "slept"),
    ]);
  },
  async raced(ctx, name) {
    const { id, promise } = ctx.awakeable(StringValueSchema);
    notesOf(name).awakeables.resolve([id]);
    const first = await Promise.race([
      sdkOf(ctx)
        .sleep(600_000)
        .then(() => "slept"),
      ctx
        .client(createGreeterClient)
        .greet({ name: "stuck" })
        .then(() => "called"),
      promise.then(({ value }) => value),
    ]);
    return `${first}, then ${(await ctx.client(createGreeterClient).greet({ name: "a" })).greeting}`;
  },
  async stuck(ctx) {
    await ctx.awakeable(StringValueSchema).promise;
    return "never";
  },
  async late(ctx, name) {
    const { released, awakeables } = notesOf(name);
    const { id, promise } = ctx.awakeable(StringValueSchema);
    const later = async () => {
      awakeables.resolve([id]);
      await released.promise;
      return (await ctx.client(createGreeterClient).greet({ name: "a" })).greeting;
    };
    return await Promise.race([promise.then(({ value }) => value), later()]);
  },
  async cancelled(ctx, name) {
    const made = [ctx.awakeable(StringValueSchema), ctx.awakeable(StringValueSchema)];
    notesOf(name).awakeables.resolve(made.map(({ id }) => id));
    const ends = await Promise.allSettled(made.map(({ promise }) => promise));
    const codes = ends.map((end) =>
      end.status === "rejected" ? Code[ConnectError.from(end.reason).code] : "?",
    );
    const [a, b] = await Promise.all(
      ["a", "b"].map((name) => ctx.client(createGreeterClient).greet({ name })),
    );
    return `${codes.join()}, then ${a?.greeting} ${b?.greeting}`;
  },
};

const greeter = service(Greeter, {
  async greet({ name }, ctx) {
    notesOf(name).attempts++;
    const handler = handlers[name.split(" ")[0] ?? ""];
    return { greeting: handler === undefined ? `Hello ${name}` : await handler(ctx, name) };
  },
});

const suites = [
  { title: "that is never suspended", options: {} },
  { title: "that is suspended whenever it waits", options: { inactivityMs: 1 } },
] as const;

describeWithRestate("a handler that waits for several things at once", () => {
  let endpoint: Endpoint;
  let url: string;
  beforeAll(async () => {
    quietSdk();
    endpoint = createEndpoint({ services: [greeter] });
    ({ url } = await endpoint.listen({ port: 0 }));
  });
  afterAll(() => endpoint?.close({ drainMs: 0 }));

  describe.each(suites)("$title", ({ title, options }) => {
    const isSuspended = "inactivityMs" in options;
    let server: RestateServer;
    beforeAll(async () => {
      server = await startRestate(options);
      await server.register(url);
    });
    afterAll(() => server?.stop());

    const transport = () => createTransport({ baseUrl: server.ingressUrl, protocol: "restate" });
    const send = (name: string) => createGreeterClient(transport()).send.greet({ name });
    const ended = async (sent: Invocation<GreetResponse>) => (await sent.attach()).greeting;
    const complete = (id: string | undefined, value: string) =>
      awakeables(transport()).resolve(id ?? "", StringValueSchema, { value });

    it.each([
      ["calls", "Hello a,Hello b,Hello c"],
      ["sends", "Hello a,Hello b"],
      ["chains", "Hello Hello Hello a,Hello Hello Hello b"],
      ["mixed", "Hello a ran 1,2"],
      ["deadlines", "DeadlineExceeded,Hello a"],
    ])("%s", async (what, outcome) => {
      const name = `${what} ${title}`;
      expect(await ended(await send(name))).toBe(outcome);
      expect(notesOf(name).attempts > 1).toBe(isSuspended);
    });

    it("sees them complete in one order, in every attempt", async () => {
      const name = `order ${title}`;
      const sent = await send(name);
      const [first, second] = await notesOf(name).awakeables.promise;
      await complete(second, "second");
      await complete(first, "first");
      expect(await ended(sent)).toBe("second,first");
      const orders = notesOf(name).orders.filter(({ length }) => length === 2);
      expect(orders.length).toBeGreaterThan(1);
      expect(new Set(orders.map(String))).toEqual(new Set(["second,first"]));
    });

    it("gives up an awakeable for a timer of the SDK", async () => {
      expect(await ended(await send(`slept ${title}`))).toBe("slept");
    });

    it("goes on with the first of many, and calls again while the others are open", async () => {
      const name = `raced ${title}`;
      const sent = await send(name);
      const [id] = await notesOf(name).awakeables.promise;
      await complete(id, "completed");
      expect(await ended(sent)).toBe("completed, then Hello a");
    });

    it("is canceled in all its waits, and may wait again", async () => {
      const name = `cancelled ${title}`;
      const sent = await send(name);
      await notesOf(name).awakeables.promise;
      await fetch(`${server.adminUrl}/invocations/${sent.id}/cancel`, { method: "PATCH" });
      expect(await ended(sent)).toBe("Canceled,Canceled, then Hello a Hello b");
    });

    if (!isSuspended) {
      // What no journal knows of cannot wake a suspended handler.
      it("starts a call while it waits for something else", async () => {
        const name = `late ${title}`;
        const sent = await send(name);
        await notesOf(name).awakeables.promise;
        notesOf(name).released.resolve();
        expect(await ended(sent)).toBe("Hello a");
        expect(notesOf(name).attempts).toBe(1);
      });
    }
  });
});
