import { type Child, startChild } from "../measure/child.ts";
import type { Generated, GenerateOptions } from "./generate.ts";
import type { Load, LoadGenerator } from "./load.ts";

/** The load generator of this bench, for machines without h2load: bytes over `node:net`, in its own process. */
export async function startOwnGenerator(core: string | undefined): Promise<LoadGenerator & AsyncDisposable> {
  const child: Child<object> = await startChild(new URL("./generate.ts", import.meta.url), { core });
  return {
    name: "the bench's own generator",
    run: async ({ request, ...load }: Load, amount) => {
      const options: GenerateOptions = {
        ...load,
        path: request.path,
        headers: request.headers,
        body: request.body.toString("base64"),
        amount,
      };
      // generate.ts answers "run" with this.
      return (await child.ask("run", options)) as Generated;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
