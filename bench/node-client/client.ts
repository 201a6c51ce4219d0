// The process of one client: client.ts OPTIONS (JSON). Answers "greet" and "loop".
import { announce } from "../measure/announce.ts";
import { closedLoop } from "../measure/closed-loop.ts";
import { type ClientOptions, openClient } from "./clients.ts";

// node-client/run.ts passes them.
const greet = await openClient(JSON.parse(process.argv[2] ?? "") as ClientOptions);
const warmUpMs = 100;

announce(
  {},
  {
    greet: () => greet("world"),
    "warm-up": async (calls: number) => {
      let left = calls;
      const caller = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await greet("world");
        }
      };
      await Promise.all(Array.from({ length: 32 }, caller));
    },
    loop: ({ inFlight, seconds }: { readonly inFlight: number; readonly seconds: number }) =>
      closedLoop(inFlight, seconds, () => greet("world"), warmUpMs),
  },
);
