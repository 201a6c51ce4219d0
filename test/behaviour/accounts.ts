import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { awakeables, Code, ConnectError } from "restate-connect";
import { type Service, service } from "restate-connect/ingress";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import type { Notes } from "./notes.ts";

/** What makes a credit wait for the awakeable `hold <key>`. */
export const holds = 777n;

/** A virtual object and a workflow, whose keys are not fields of their messages. */
export function accounts({ tell, awakeable }: Notes): Service[] {
  const balances = new Map<string, bigint>();
  const statuses = new Map<string, string>();
  return [
    service(Accounts, {
      async credit({ cents }, ctx) {
        const key = ctx.key ?? "";
        if (cents === holds) {
          const { id, promise } = ctx.awakeable(StringValueSchema);
          tell(`hold ${key}`, id);
          await promise;
        }
        const sum = (balances.get(key) ?? 0n) + cents;
        if (sum < 0n) {
          throw new ConnectError(`${key} has not that much`, Code.FailedPrecondition);
        }
        balances.set(key, sum);
        return { cents: sum };
      },
      getBalance: (_, { key = "" }) => ({ cents: balances.get(key) ?? 0n }),
    }),
    service(Signup, {
      async run({ email }, ctx) {
        const key = ctx.key ?? "";
        const { id, promise } = ctx.awakeable(StringValueSchema);
        tell(`signup ${key}`, id);
        statuses.set(key, `waits for ${email}`);
        const { value } = await promise;
        statuses.set(key, "done");
        return { account: `${key} ${value}` };
      },
      async confirm({ code }, ctx) {
        const id = await awakeable(`signup ${ctx.key}`);
        await ctx.client(awakeables).resolve(id, StringValueSchema, { value: code });
      },
      getStatus: (_, { key = "" }) => ({ status: statuses.get(key) ?? "unknown" }),
    }),
  ];
}
