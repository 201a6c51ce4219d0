import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { missingGo } from "../support/missing-go.ts";
import { missingRestate, type RestateServer, startRestate } from "../support/restate-server.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, ".cache/go-service", `go-service${process.platform === "win32" ? ".exe" : ""}`);

/** Services by Restate's Go SDK, registered on a Restate server. */
export interface GoService extends AsyncDisposable {
  readonly server: RestateServer;
}

/**
 * Generates and builds the Go service, with the versions of go.mod. Go knows what is built already.
 *
 * @returns why it cannot be had on this machine, in one line; undefined when it is built.
 * @throws Error when it does not generate or compile.
 */
export async function buildGoService(): Promise<string | undefined> {
  const missing = missingRestate() ?? (await missingGo("test/go-service"));
  if (missing !== undefined) {
    return missing;
  }
  await run("buf", ["generate", "--template", "test/go-service/buf.gen.yaml"]);
  await run("go", ["build", "-C", "test/go-service", "-o", program, "."]);
  return undefined;
}

/** Starts the Go service and a Restate server, and makes them known to each other. */
export async function startGoService(): Promise<GoService> {
  const service = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const server = await startRestate();
  await server.register(await firstLine(service));
  return {
    server,
    async [Symbol.asyncDispose]() {
      await server.stop();
      service.stdin.end();
      await once(service, "exit");
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) {
    throw new Error("the Go service was started without a pipe for its output");
  }
  const [line] = await once(createInterface(stdout), "line");
  return String(line);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const bin = join(root, "node_modules/.bin");
  await promisify(execFile)(command, args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  });
}
