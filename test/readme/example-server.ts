import { rmSync } from "node:fs";
import { createTransport } from "restate-connect/node";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { start } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** `npm start` on free ports, with a data folder of its own. */
export interface ExampleServer extends AsyncDisposable {
  /** The banner, with the default ports in place of the actual ports. */
  readonly banner: string;
  /** A text of a page with the actual ports in place of the default ports, and the id of a waiting invocation in place of a sample id. */
  here(text: string): Promise<string>;
}

export async function exampleServer(): Promise<ExampleServer> {
  const data = temporaryFolder("readme");
  const ready = /ingress +http:\/\/127\.0\.0\.1:(\d+)[\s\S]*admin +http:\/\/127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/;
  const serving = await start(`npm start -- --port 0 --admin-port 0 --data ${data}`, repository, ready);
  const [, port = "", adminPort = ""] = serving.match;
  const greeter = createGreeterClient(createTransport({ baseUrl: `http://127.0.0.1:${port}` }));
  return {
    banner: serving.match[0]
      .replaceAll(`localhost:${port}`, "localhost:8080")
      .replaceAll(`localhost:${adminPort}`, "localhost:9070"),
    async here(text) {
      const moved = text
        .replaceAll("localhost:8080", `localhost:${port}`)
        .replaceAll("localhost:9070", `localhost:${adminPort}`);
      const sample = /inv_1\.\.\.|<id>/g;
      if (!sample.test(moved)) {
        return moved;
      }
      const { id } = await greeter.send.greet({ name: "Pete" }, { delay: 3_600_000 });
      return moved.replaceAll(sample, id);
    },
    async [Symbol.asyncDispose]() {
      await serving.interrupt();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
