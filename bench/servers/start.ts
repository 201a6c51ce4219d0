import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext } from "../context.ts";
import { type Child, startChild } from "../measure/child.ts";

export type Server = Child<{ readonly url: string }>;
export type OurServer = Child<{ readonly url: string; readonly adminUrl: string }>;

type Context = Pick<BenchContext, "cores" | "directory">;

/** Starts one of the servers next to this file, on the server's core. */
export function startServer(
  { cores }: Pick<Context, "cores">,
  script: "raw" | "connect-node" | "ours" | "many-services" | "../peers/grpc-js-server",
  ...args: readonly string[]
): Promise<Server> {
  return startChild(new URL(`./${script}.ts`, import.meta.url), { core: cores?.server, args });
}

/** Our ingress on an empty data directory. `servers`: the folder of another tree's servers. */
export function startOurs(
  { cores, directory }: Context,
  args: readonly string[] = [],
  servers: URL = new URL("./", import.meta.url),
): Promise<OurServer> {
  const data = mkdtempSync(join(directory, "data-"));
  return startChild(new URL("ours.ts", servers), { core: cores?.server, args: [data, ...args] });
}
