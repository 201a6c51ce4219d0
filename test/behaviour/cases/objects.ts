import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { awakeables, Code, invocation } from "restate-connect";
import { expect } from "vitest";
import { Signup } from "../../../generated/org/example/accounts_pb.ts";
import { createAccountsClient, createSignupClient } from "../../../generated/org/example/accounts_restate.ts";
import { failure } from "../../support/failure.ts";
import { holds } from "../accounts.ts";
import type { Case } from "../case.ts";

/** Virtual objects and workflows, whose keys travel in a header. */
export const objects: readonly Case[] = [
  {
    name: "a VIRTUAL_OBJECT is reached by its key",
    async run({ transport, unique }) {
      const [one, other] = ["é/% one", "other"].map((name) =>
        createAccountsClient(transport).key(`${name} ${unique}`),
      );
      await one?.credit({ cents: 3n });
      expect(await one?.credit({ cents: 4n })).toMatchObject({ cents: 7n });
      expect(await (await one?.send.credit({ cents: 1n }))?.attach()).toMatchObject({ cents: 8n });
      expect(await other?.getBalance()).toMatchObject({ cents: 0n });
    },
  },
  {
    name: "an object's error is its handler's",
    async run({ transport, unique }) {
      const account = createAccountsClient(transport).key(unique);
      expect(await failure(account.credit({ cents: -1n }))).toMatchObject({
        code: Code.FailedPrecondition,
        rawMessage: `${unique} has not that much`,
      });
    },
  },
  {
    name: "SHARED handlers run next to an exclusive handler; exclusive handlers wait for it",
    async run({ transport, unique, notes }) {
      const account = createAccountsClient(transport).key(unique);
      const held = await account.send.credit({ cents: holds });
      const id = await notes.awakeable(`hold ${unique}`);
      const waits = await account.send.credit({ cents: 1n });
      expect(await account.getBalance()).toMatchObject({ cents: 0n });
      await awakeables(transport).resolve(id, StringValueSchema, {});
      expect(await held.attach()).toMatchObject({ cents: holds });
      expect(await waits.attach()).toMatchObject({ cents: holds + 1n });
    },
  },
  {
    name: "a WORKFLOW runs once for each id",
    async run({ transport, unique }) {
      const workflow = createSignupClient(transport).workflow(`é/% ${unique}`);
      const first = await workflow.submit({ email: "first" });
      expect((await workflow.submit({ email: "second" })).id).toBe(first.id);
      await workflow.confirm({ code: "1" });
      expect(await first.attach()).toMatchObject({ account: `é/% ${unique} 1` });
      expect((await workflow.submit({ email: "third" })).id).toBe(first.id);
    },
  },
  {
    name: "a workflow is looked at and cancelled by its id",
    async run({ transport, unique, notes }) {
      const run = invocation(transport, { method: Signup.method.run, workflowId: unique });
      expect((await failure(run.cancel())).code).toBe(Code.NotFound);
      const submitted = await createSignupClient(transport).workflow(unique).submit({});
      await notes.awakeable(`signup ${unique}`);
      expect(await run.get()).toMatchObject({ id: submitted.id });
      await run.cancel();
      expect((await failure(run.attach())).code).toBe(Code.Canceled);
    },
  },
  {
    name: "a workflow answers while it runs, and has an output when it ended",
    async run({ transport, unique, notes }) {
      const workflow = createSignupClient(transport).workflow(unique);
      expect((await failure(workflow.attach())).code).toBe(Code.NotFound);
      await workflow.submit({ email: "Ada" });
      await notes.awakeable(`signup ${unique}`);
      expect(await workflow.output()).toBeUndefined();
      expect(await workflow.getStatus()).toMatchObject({ status: "waits for Ada" });
      const attached = workflow.attach();
      await workflow.confirm({ code: "1" });
      expect(await attached).toMatchObject({ account: `${unique} 1` });
      expect(await workflow.output()).toMatchObject({ account: `${unique} 1` });
    },
  },
];
