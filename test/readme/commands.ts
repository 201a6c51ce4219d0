import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { run, start } from "../support/command.ts";
import { codeBlocks, repository } from "../support/markdown.ts";
import { repositoryCopy } from "../support/repository-copy.ts";
import type { ExampleServer } from "./example-server.ts";

/** What is done with a command of a page. */
export interface CommandRule {
  readonly pattern: RegExp;
  check(command: string, server: ExampleServer): Promise<void>;
}

const bin = "node --conditions=@restate-connect/source src/cli/bin.ts";

/** The first that matches counts. A command that none matches fails the test: add a rule for it. */
export const commandRules: readonly CommandRule[] = [
  {
    pattern: /^npm (ci|install)$/,
    // Has been done, or nothing would run.
    check: async () => {},
  },
  {
    // test/package installs. Here: that these are the packages we use ourselves.
    pattern: /^npm install (--save-dev )?[\w@/ -]+$/,
    async check(command) {
      const packages = command.replace(/npm install (--save-dev )?/, "").split(" ");
      const { name, devDependencies } = manifest();
      expect([name, ...Object.keys(devDependencies)]).toEqual(expect.arrayContaining(packages));
    },
  },
  {
    pattern: /^npx protoc-gen-restate-es --help$/,
    check: async () => expect(await run("node codegen/bin.ts --help", repository)).toContain("json_client"),
  },
  {
    pattern: /^npm (ci && npm )?run demo$/,
    async check() {
      const output = await demoOutput();
      for (const protocol of ["Connect, binary", "Connect, JSON", "gRPC", "gRPC-web"]) {
        expect(output).toMatch(new RegExp(`^ +${protocol} +Hello Pete$`, "m"));
      }
      expect(output).toMatch(/inv_1\w+/);
    },
  },
  {
    pattern: /^npm start$/,
    // The server of these tests is just that. test/readme/start.test.ts has more of it.
    check: async (_, { banner }) => expect(banner).toContain("org.example.Greeter"),
  },
  {
    // Too long to run from within a test, or it is the run we are in: that there is such a script is what we check.
    pattern: /^(npm ci && )?npm (test|run [\w:-]+)( -- .*| test\/\w+| next)?$/,
    async check(command) {
      const script = /npm (?:run )?([\w:-]+)(?: |$)(?!ci)/.exec(command.replace("npm ci && ", ""))?.[1];
      expect(Object.keys(manifest().scripts)).toContain(script);
    },
  },
  {
    // test/package runs both, in the project of docs/getting-started.md.
    pattern: /^npx buf (generate|lint)$/,
    check: async () => {},
  },
  {
    pattern: /^\.ci\/run$/,
    check: async () => expect(readFileSync(join(repository, ".ci/run"), "utf8")).toContain("npm run check"),
  },
  {
    pattern: /^curl /,
    async check(command, server) {
      const output = await run(
        await server.here(`${command} --silent --show-error --fail-with-body`),
        repository,
      );
      if (command.includes("Greeter/Greet ")) {
        expect(JSON.parse(output)).toEqual({ greeting: "Hello Pete" });
      }
      if (command.includes("Ingress/Invoke ")) {
        expect(JSON.parse(output)).toEqual({ id: expect.stringMatching(/^inv_1/) });
      }
    },
  },
  {
    // grpcurl itself is tried in test/interop. Its counterpart here asks the same of reflection.
    pattern: /^grpcurl -plaintext localhost:8080 (list|describe)$/,
    async check(_, server) {
      const list = "npx buf curl --http2-prior-knowledge --list-services http://localhost:8080";
      expect(await run(await server.here(list), repository)).toContain("org.example.Greeter");
    },
  },
  {
    pattern: /^(npx )?restate-connect serve services\.ts/,
    async check(command) {
      using copy = repositoryCopy(); // it keeps its data in the working folder
      const args = command.replace(/^.*services\.ts/, "").replaceAll(/--((admin-)?port) \d+/g, "--$1 0");
      const ports = args.includes("port") ? args : `${args} --port 0 --admin-port 0`;
      const serve = `${bin} serve examples/services.ts ${ports}`;
      const serving = await start(serve, copy.folder, /Press Ctrl-C to stop/);
      expect(await serving.interrupt()).toBe(0);
    },
  },
  {
    // test/opentelemetry/serve.test.ts looks at the spans. Here: that the page's own module sets up an SDK.
    pattern:
      /^NODE_OPTIONS="--import \.\/instrumentation\.ts" npx restate-connect serve services\.ts --tracing$/,
    async check() {
      using copy = repositoryCopy();
      const blocks = codeBlocks(join(repository, "docs/observability.md"));
      const module = blocks.find(({ fileName }) => fileName === "instrumentation.ts")?.text ?? "";
      writeFileSync(join(copy.folder, "instrumentation.ts"), module);
      const serve = `${bin} serve examples/services.ts --port 0 --admin-port 0 --tracing`;
      const options = 'OTEL_TRACES_EXPORTER=none NODE_OPTIONS="--import ./instrumentation.ts"';
      const serving = await start(`${options} ${serve}`, copy.folder, /Press Ctrl-C to stop/);
      let output = "";
      serving.onOutput((all) => {
        output = all;
      });
      expect(await serving.interrupt()).toBe(0);
      expect(output).not.toContain("--tracing has no effect");
    },
  },
  {
    pattern: /^(npx )?restate-connect scaffold/,
    async check() {
      // test/scaffold adds handlers. Here it must find that none are missing.
      const output = await run(`${bin} scaffold examples/services.ts`, repository);
      expect(output).toMatch(/^no handler is missing in \d service\(\) calls\n$/);
    },
  },
  {
    // test/cli/project.test.ts and test/package-managers run them. Here: that there is such a command.
    pattern: /^(npx )?restate-connect (init|generate|protos|pull|serve)( --watch| --check| --help)?$/,
    async check(command) {
      const [, name = ""] = /restate-connect (\w+)/.exec(command) ?? [];
      expect(await run(`${bin} ${name} --help`, repository)).toContain(`restate-connect ${name}`);
    },
  },
  {
    // test/cli/pull.test.ts generates too.
    pattern: /^(npx )?restate-connect pull http:\/\/localhost:8080$/,
    async check(command, server) {
      using copy = repositoryCopy();
      const pull = command.replace(/^(npx )?restate-connect/, bin);
      const output = await run(await server.here(`${pull} --no-generate --out pulled`), copy.folder);
      expect(output).toContain("wrote  pulled/org/example/greeter.proto");
    },
  },
  {
    pattern: /^restate-connect completion bash$/,
    check: async (command) => {
      const output = await run(command.replace("restate-connect", bin), repository);
      expect(output).toContain("complete -F _restate_connect restate-connect");
    },
  },
  {
    pattern: /^(npx )?restate-connect (call|send|invocations) /,
    async check(command, server) {
      const [, name = "", rest = ""] = /restate-connect (\w+) (.*)$/.exec(command) ?? [];
      const url = name === "invocations" ? "--admin http://localhost:9070" : "--url http://localhost:8080";
      expect(await run(await server.here(`${bin} ${name} ${rest} ${url}`), repository)).not.toBe("");
    },
  },
];

let demo: Promise<string> | undefined;

/** What the demo prints. Run once, in a copy: it generates. */
export function demoOutput(): Promise<string> {
  demo ??= (async () => {
    using copy = repositoryCopy();
    return await run("npm run demo", copy.folder);
  })();
  return demo;
}

/** Runs a command of a page by its rule. */
export async function checkCommand(place: string, command: string, server: ExampleServer): Promise<void> {
  const rule = commandRules.find(({ pattern }) => pattern.test(command));
  if (rule === undefined) {
    throw new Error(`${place}: no rule in test/readme/commands.ts runs the command ${command}`);
  }
  await rule.check(command, server);
}

function manifest(): Readonly<Record<"scripts" | "devDependencies", Record<string, string>>> & {
  readonly name: string;
} {
  return JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
}
