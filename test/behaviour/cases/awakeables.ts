import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { awakeables, Code } from "restate-connect";
import { expect } from "vitest";
import { Awakeables } from "../../../generated/dev/restate/services_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { failure } from "../../support/failure.ts";
import type { Case } from "../case.ts";

export const awaits: readonly Case[] = [
  {
    name: "an awakeable is completed by its id, the first completion wins",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      const id = await notes.awakeable(`await ${unique}`);
      await awakeables(transport).resolve(id, StringValueSchema, { value: "one" });
      await awakeables(transport).resolve(id, StringValueSchema, { value: "two" });
      expect(await sent.attach()).toMatchObject({ greeting: "got one" });
    },
  },
  {
    name: "an awakeable takes JSON",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      const id = await notes.awakeable(`await ${unique}`);
      const result = { case: "jsonResult", value: { kind: { case: "stringValue", value: "json" } } } as const;
      await createClient(Awakeables, transport).resolve({ id, result });
      expect(await sent.attach()).toMatchObject({ greeting: "got json" });
    },
  },
  {
    name: "a rejected awakeable fails its handler, with the reason",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      await awakeables(transport).reject(await notes.awakeable(`await ${unique}`), "changed my mind");
      expect(await failure(sent.attach())).toMatchObject({
        code: Code.Unknown,
        rawMessage: "changed my mind",
      });
    },
  },
  {
    name: "a malformed awakeable id is refused",
    async run({ transport }) {
      const { code } = await failure(awakeables(transport).reject("nonsense", ""));
      expect(code).toBe(Code.InvalidArgument);
    },
  },
];
