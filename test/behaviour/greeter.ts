import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { awakeables, Code, ConnectError, invocation } from "restate-connect";
import { type Context, type Service, service } from "restate-connect/ingress";
import { createAccountsClient, createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { InvocationState } from "../../generated/restateconnect/v1/invocations_pb.ts";
import type { Notes } from "./notes.ts";

/** What a greeting does, by the word after the one that chose it, or by the whole name. */
type Behaviour = (ctx: Context, arg: string, name: string) => Promise<string> | string;

/** A greeter that behaves as the first word of the name says. */
export function greeter({ calls, tell }: Notes): Service {
  const behaviours: Readonly<Record<string, Behaviour>> = {
    headers: (ctx) => JSON.stringify([...ctx.requestHeaders]),
    fail() {
      throw new ConnectError("no such thing", Code.NotFound, { "x-why": "because" }, [
        { desc: GreetRequestSchema, value: { name: "detail" } },
      ]);
    },
    code(_, code) {
      throw new ConnectError("as asked", Number(code));
    },
    /** As if it had called another server, and passed on the error that it got. */
    passOn({ invocationId }) {
      throw new ConnectError(invocationId, Code.Aborted, {
        "x-restate-id": "inv_1another",
        "x-restate-error-source": "another",
        "idempotency-expires": "another",
        "access-control-allow-origin": "https://another.example",
        "x-why": "because",
      });
    },
    async sleep(_, ms) {
      await new Promise((resolve) => setTimeout(resolve, Number(ms)));
      return "slept";
    },
    attempts({ attempt }) {
      if (attempt === 1) {
        throw new Error("try again");
      }
      return `attempt ${attempt}`;
    },
    async signal({ signal }, unique) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      calls.set(`aborted ${unique}`, 1);
      return "aborted";
    },
    async await(ctx, _, name) {
      const { id, promise } = ctx.awakeable(StringValueSchema);
      tell(name, id);
      return `got ${(await promise).value}`;
    },
    respond({ responseHeaders, responseTrailers }) {
      responseHeaders.set("x-mine", "header");
      responseTrailers.set("x-mine-too", "trailer");
      return "responded";
    },
    async nested(ctx, name) {
      return (await ctx.client(createGreeterClient).greet({ name })).greeting;
    },
    async nestedHeaders(ctx) {
      const { greet, send } = ctx.client(createGreeterClient);
      const headers = { "x-mine": "a, b" };
      const called = await greet({ name: "headers" }, { headers });
      const sent = await (await send.greet({ name: "headers" }, { headers })).attach();
      return JSON.stringify(
        [called, sent].map(({ greeting }) => new Map(JSON.parse(greeting)).get("x-mine")),
      );
    },
    async parallel(ctx) {
      const { greet, send } = ctx.client(createGreeterClient);
      const [a, b, sent] = await Promise.all([
        greet({ name: "a" }),
        greet({ name: "b" }),
        send.greet({ name: "c" }),
      ]);
      return [a, b, await sent.attach()].map(({ greeting }) => greeting).join();
    },
    async both(ctx, unique) {
      const promises = ["first", "second"].map((which) => {
        const { id, promise } = ctx.awakeable(StringValueSchema);
        tell(`${which} ${unique}`, id);
        return promise;
      });
      return (await Promise.all(promises)).map(({ value }) => value).join();
    },
    async race(ctx, unique) {
      const { id, promise } = ctx.awakeable(StringValueSchema);
      tell(`race ${unique}`, id);
      const { greet } = ctx.client(createGreeterClient);
      const first = await Promise.race([promise, greet({ name: "a" })]);
      const second = await Promise.race([promise, greet({ name: `await ${unique}` })]);
      return [first, second].map((one) => ("value" in one ? one.value : one.greeting)).join();
    },
    async complete(ctx, id, name) {
      const value = name.split(" ").slice(2).join(" ");
      await ctx.client(awakeables).resolve(id, StringValueSchema, { value });
      return "completed";
    },
    async cancel(ctx, id) {
      await ctx.client((transport) => invocation(transport, id, GreetResponseSchema)).cancel();
      return "cancelled";
    },
    async signup(ctx, id) {
      const workflow = ctx.client(createSignupClient).workflow(id);
      const submitted = await workflow.submit({ email: "a@b" });
      await workflow.confirm({ code: "1" });
      const { account } = await submitted.attach();
      const { cents } = await ctx.client(createAccountsClient).key(account).credit({ cents: 5n });
      return `${account} ${cents}`;
    },
    async attach(ctx, id) {
      return (await ctx.client(createSignupClient).workflow(id).attach()).account;
    },
    async look(ctx) {
      const sent = await ctx.client(createGreeterClient).send.greet({ name: "a" });
      await sent.attach();
      const { state } = await sent.get();
      return state === InvocationState.SUCCEEDED ? "succeeded" : `state ${state}`;
    },
  };

  const greet = async (name: string, ctx: Context): Promise<string> => {
    const call = (calls.get(name) ?? 0) + 1;
    calls.set(name, call);
    const [what = "", arg = ""] = name.split(" ");
    switch (what) {
      case "flaky":
        if (call < 3) {
          throw new Error("try again");
        }
        return `call ${call}`;
      case "chain": {
        const object = ctx.client(createCounterClient).key(arg);
        const first = await object.add({ value: 1n });
        const sent = await object.send.add({ value: 10n });
        if (call === 1) {
          throw new Error("fails once, after both");
        }
        return `${first.value} ${(await sent.attach()).value}`;
      }
      default:
        return (await behaviours[what]?.(ctx, arg, name)) ?? `Hello ${name}`;
    }
  };
  return service(Greeter, { greet: async ({ name }, ctx) => ({ greeting: await greet(name, ctx) }) });
}
