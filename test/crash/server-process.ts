import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A server process that can be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly adminUrl: string;
  kill(): Promise<void>;
}

/** Starts server.ts over a data directory; resolves once it listens. */
export async function startServer(data: string, journal: string): Promise<ServerProcess> {
  const script = new URL("./server.ts", import.meta.url).pathname;
  const child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=@restate-connect/source", script, data, journal],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  if (child.stdout === null) {
    throw new Error("the server's output is not a pipe");
  }
  const exited = once(child, "exit");
  const urls = await Promise.race([
    once(createInterface(child.stdout), "line").then(([line]) => String(line)),
    exited.then(([code]) => Promise.reject(new Error(`the server ended with ${code} before it listened`))),
  ]);
  const [url = "", adminUrl = ""] = urls.split(" ");
  return {
    url,
    adminUrl,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
