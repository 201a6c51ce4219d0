import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "restate-connect/node";
import { createAdminClient } from "../../generated/restateconnect/v1/admin_restate.ts";
import { type RunningCommand, run, start } from "../support/command.ts";

/** An installed folder of `examples/`, in a copy of the repository. */
export interface Example {
  readonly folder: string;
  run(command: string): Promise<string>;
  /** Starts a command, which ends with the example. */
  start(command: string, ready: RegExp): Promise<RunningCommand>;
  /** Starts a command that serves `services.ts`, by default on a free port. */
  serve(command: string, port?: string): Promise<Served>;
  /** Starts `npm run page` and returns its URL. */
  page(): Promise<string>;
  /** Replaces a text in a file, for example a default port by the one that the test uses. */
  replace(path: string, text: string, by: string): void;
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** A running ingress. */
export interface Served {
  readonly url: string;
  readonly admin: ReturnType<typeof createAdminClient>;
  /** All output so far. */
  output(): string;
  stop(): Promise<unknown>;
}

export function openExample(folder: string): Example {
  const running: RunningCommand[] = [];
  const example: Example = {
    folder,
    run: (command) => run(command, folder),
    async start(command, ready) {
      const started = await start(command, folder, ready);
      running.push(started);
      return started;
    },
    async serve(command, port = "0") {
      const ports = `RESTATE_CONNECT_PORT=${port} RESTATE_CONNECT_ADMIN_PORT=0`;
      const ready = /ingress +(http:\S+)[\s\S]*admin +(http:\S+)[\s\S]*Ctrl-C/;
      const serving = await example.start(`${ports} ${command}`, ready);
      let output = "";
      serving.onOutput((all) => {
        output = all;
      });
      const [, url = "", adminUrl = ""] = serving.match;
      return {
        url,
        admin: createAdminClient(createTransport({ baseUrl: adminUrl })),
        output: () => output,
        stop: () => serving.interrupt(),
      };
    },
    async page() {
      const serving = await example.start("npm run page -- --host 127.0.0.1 --port 0", /(http:\/\/127\S+)\//);
      return serving.match[1] ?? "";
    },
    replace(path, text, by) {
      const before = readFileSync(join(folder, path), "utf8");
      if (!before.includes(text)) {
        throw new Error(`${path} does not contain ${text}`);
      }
      writeFileSync(join(folder, path), before.replaceAll(text, by));
    },
    async stop() {
      await Promise.all(running.map((command) => command.interrupt()));
    },
  };
  return example;
}

/** The address in the text of the examples. */
export const defaultUrl = "http://localhost:8080";
