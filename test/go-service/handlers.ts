import { Code, ConnectError } from "@connectrpc/connect";
import { type Service, service } from "restate-connect/ingress";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";

/** The services of main.go in TypeScript, with their state in memory. */
export function typeScriptServices(): Service[] {
  const balances = new Map<string | undefined, bigint>();
  const emails = new Map<string | undefined, string>();
  const confirmations = new Map<string | undefined, PromiseWithResolvers<string>>();
  const confirmation = (id: string | undefined) => {
    const known = confirmations.get(id) ?? Promise.withResolvers<string>();
    confirmations.set(id, known);
    return known;
  };
  return [
    service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name} from TypeScript` }) }),
    service(Accounts, {
      credit({ cents }, { key }) {
        const balance = (balances.get(key) ?? 0n) + cents;
        if (balance < 0n) {
          throw new ConnectError(`${key} has too little`, Code.FailedPrecondition);
        }
        balances.set(key, balance);
        return { cents: balance };
      },
      getBalance: (_, { key }) => ({ cents: balances.get(key) ?? 0n }),
    }),
    service(Signup, {
      async run({ email }, { key = "" }) {
        emails.set(key, email);
        if ((await confirmation(key).promise) === "wrong") {
          throw new ConnectError("the code is wrong", Code.PermissionDenied);
        }
        return { account: key };
      },
      confirm: ({ code }, { key }) => confirmation(key).resolve(code),
      getStatus: (_, { key }) => ({ status: `waits for ${emails.get(key)}` }),
    }),
  ];
}
