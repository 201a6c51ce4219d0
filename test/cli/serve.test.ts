import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerReflection } from "../../generated/grpc/reflection/v1/reflection_pb.ts";
import { Accounts } from "../../generated/org/example/accounts_pb.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { sampleRequest } from "../../src/cli/request/sample-request.ts";
import { runCli, startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let data = "";
beforeAll(async () => {
  data = temporaryFolder("serve");
});
afterAll(() => rm(data, { recursive: true }));

/** Starts `serve` on free ports and waits for its banner. */
async function serve(module: string, ...args: readonly string[]) {
  const cli = startCli(
    "serve",
    module,
    "--port",
    "0",
    "--admin-port",
    "0",
    "--data",
    join(data, "store"),
    ...args,
  );
  const [, url = ""] = await cli.printed(/ingress\s+(http:\S+)/);
  const [, adminUrl = ""] = await cli.printed(/admin\s+(http:\S+)/);
  await cli.printed(/Press Ctrl-C to stop/);
  return { cli, url, adminUrl, [Symbol.asyncDispose]: () => cli[Symbol.asyncDispose]() };
}

describe("serve", () => {
  it("prints lines that work as they are", async () => {
    await using server = await serve("examples/services.ts");
    const banner = server.cli.stdout();
    expect(banner).toContain("org.example.Counter (keyed)");
    const [, url = "", body = ""] =
      /curl -X POST (\S+Greet) -H 'content-type: application\/json' -d '(.*)'/.exec(banner) ?? [];
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await response.text()).toBe('{"greeting":"Hello Pete"}');
    expect((await fetch(`${server.adminUrl}/health`)).status).toBe(200);
  });

  it("prints commands that work for services with a key header", async () => {
    await using server = await serve("test/cli/fixtures/accounts.ts");
    const curls = server.cli.stdout().matchAll(/curl -X POST (\S+) (.*) -d '(.*)'$/gm);
    const answers: unknown[] = [];
    for (const [, url = "", options = "", body = ""] of curls) {
      const headers = [...options.matchAll(/-H '(\S+): (\S+)'/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]);
      const response = await fetch(url, { method: "POST", headers: Object.fromEntries(headers), body });
      answers.push(await response.json());
    }
    expect(answers).toEqual([{ account: "pete 1" }, { id: expect.stringMatching(/^inv_1/) }]);
  });

  it("finishes what is in flight when it is asked to stop, takes nothing new, and exits with 0", async () => {
    await using server = await serve("test/cli/fixtures/slow.ts");
    const greeter = createGreeterClient(createTransport({ baseUrl: server.url }));
    await greeter.greet({ name: "0" });
    const inFlight = greeter.greet({ name: "1000" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.cli.child.kill("SIGINT");
    await server.cli.printed(/draining/);
    expect((await inFlight).greeting).toBe("at last");
    expect(await server.cli.ended).toBe(0);
    await expect(greeter.greet({ name: "0" })).rejects.toThrow("ECONNREFUSED");
  });

  it("goes on when a handler forgets a promise that fails, and says so", async () => {
    await using server = await serve("test/cli/fixtures/forgets.ts");
    const greeter = createGreeterClient(createTransport({ baseUrl: server.url }));
    await greeter.greet({ name: "forget" });
    await server.cli.printed(/^\S+Z ERROR unhandled promise rejection in a handler error=".*it failed"$/m);
    expect(await greeter.greet({ name: "Ada" })).toMatchObject({ greeting: "Hello Ada" });
  });

  it("goes on when a timer of a handler throws, and says so", async () => {
    await using server = await serve("test/cli/fixtures/forgets.ts");
    const greeter = createGreeterClient(createTransport({ baseUrl: server.url }));
    await greeter.greet({ name: "throw" });
    await server.cli.printed(
      /^\S+Z ERROR uncaught error in a timer or listener of a handler error=".*it was thrown"$/m,
    );
    expect(await greeter.greet({ name: "Ada" })).toMatchObject({ greeting: "Hello Ada" });
  });

  it("writes its log as one JSON object a line when asked to", async () => {
    await using server = await serve("test/cli/fixtures/forgets.ts", "--log-format", "json");
    await createGreeterClient(createTransport({ baseUrl: server.url })).greet({ name: "forget" });
    const [line] = await server.cli.printed(/^\{.*\}$/m);
    expect(JSON.parse(line)).toMatchObject({
      level: "error",
      message: "unhandled promise rejection in a handler",
      error: { message: expect.stringContaining("it failed") },
    });
  });

  it("writes a line for each request at --log-level debug", async () => {
    await using server = await serve("examples/services.ts", "--log-level", "debug");
    await createGreeterClient(createTransport({ baseUrl: server.url })).greet({ name: "Pete" });
    await server.cli.printed(
      /DEBUG request method=org\.example\.Greeter\/Greet protocol=connect code=ok durationMs=.* invocation=inv_1/,
    );
  });

  it("shows the stack of a failing handler once, with frames of its module only, and a line for each retry", async () => {
    await using server = await serve("test/cli/fixtures/flaky.ts");
    const greeter = createGreeterClient(createTransport({ baseUrl: server.url }));
    const sent = await greeter.send.greet({ name: "3" });
    expect(await sent.attach()).toMatchObject({ greeting: "at last" });
    const line = (attempt: number) =>
      `<time> WARN  an attempt failed and is retried method=org.example.Greeter/Greet invocation=${sent.id} ` +
      `attempt=${attempt} nextAttempt=<time> error="Error: database is down"`;
    expect(server.cli.stderr().replaceAll(/\d{4}-\d\d-\d\dT\S+Z/g, "<time>")).toMatch(
      new RegExp(`^${line(1)}\\n    at .*greet \\(\\S+flaky.ts:12:15\\)\\n${line(2)}\\n${line(3)}\\n$`),
    );
  });

  it("quits at once when it is asked twice", async () => {
    await using server = await serve("test/cli/fixtures/slow.ts");
    const call = createGreeterClient(createTransport({ baseUrl: server.url })).greet({ name: "30000" });
    const failure = expect(call).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.cli.child.kill("SIGINT");
    await server.cli.printed(/draining/);
    server.cli.child.kill("SIGINT");
    expect(await server.cli.ended).toBe(130);
    await failure;
  });

  it.each([
    [["nope.ts"], "cannot load nope.ts: no such file"],
    [
      ["test/cli/fixtures/throws.ts"],
      "cannot load test/cli/fixtures/throws.ts: the database is away (test/cli/fixtures/throws.ts:1:7)",
    ],
    [
      ["test/cli/fixtures"],
      "cannot load test/cli/fixtures: it is a folder. Give the module that exports the services",
    ],
    [["package.json"], "cannot load package.json: it is not a TypeScript or JavaScript module"],
    [
      ["test/cli/fixtures/no-services.ts"],
      "cannot load test/cli/fixtures/no-services.ts: its default export must be an array of services: export default [service(Greeter, { ... })]",
    ],
    [
      ["test/cli/fixtures/empty.ts"],
      "test/cli/fixtures/empty.ts exports no services: put at least one service(Greeter, { ... }) in the array",
    ],
    [
      ["test/cli/fixtures/no-handler.js"],
      'cannot load test/cli/fixtures/no-handler.js: service org.example.Counter has no handler for Get, Reset: add "get", "reset" to the handlers passed to service(), or run restate-connect scaffold (test/cli/fixtures/no-handler.js:4:17)',
    ],
    [[], "missing required argument 'module' (see restate-connect serve --help)"],
    [
      ["a.ts", "--log-format", "xml"],
      "option '--log-format <format>' argument 'xml' is invalid. Allowed choices are text, json. (see restate-connect serve --help)",
    ],
    [["a.ts", "--port", "http"], '--port must be a number from 0 to 65535, not "http"'],
    [
      ["a.ts", "--prot", "1"],
      "unknown option '--prot' (Did you mean --port?) (see restate-connect serve --help)",
    ],
  ])("serve %j: one line, exit code 1", async (args, message) => {
    expect(await runCli("serve", ...args)).toEqual({
      code: 1,
      stdout: "",
      stderr: `restate-connect: ${message}\n`,
    });
  });

  it("lets in requests with the token only, from --token or the environment", async () => {
    process.env.RESTATE_CONNECT_TOKEN = "s3cret";
    try {
      await using server = await serve("examples/services.ts");
      const post = (headers: Record<string, string>) =>
        fetch(`${server.url}/org.example.Greeter/Greet`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: "{}",
        });
      expect((await post({})).status).toBe(401);
      expect((await post({ authorization: "Bearer wrong" })).status).toBe(401);
      expect((await post({ authorization: "Bearer s3cret" })).status).toBe(200);
    } finally {
      delete process.env.RESTATE_CONNECT_TOKEN;
    }
  });

  it.each([
    ["--port", ["--admin-port", "0"]],
    ["--admin-port", ["--port", "0"]],
    ["--port", ["--as-endpoint"]],
  ])("names the port that is in use, and %s to choose another one, with %j", async (flag, others) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runCli(
      ...["serve", "examples/services.ts", flag, String(port), ...others, "--data", join(data, "other")],
    );
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(1);
    expect(stderr.split("\n").at(-2)).toBe(
      `restate-connect: cannot listen on 127.0.0.1:${port}: it is in use: stop what uses it, or choose another port with ${flag} (0 takes any free one)`,
    );
  });

  it("names the process that has the data directory", async () => {
    await using server = await serve("examples/services.ts");
    const { code, stderr } = await runCli(
      ...["serve", "examples/services.ts", "--port", "0", "--admin-port", "0", "--data", join(data, "store")],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^restate-connect: .*in use.*process ${server.cli.child.pid}.*\\n$`));
  });
});

describe("serve, with a module that cannot be loaded", () => {
  it.each<[what: string, files: Readonly<Record<string, string>>, message: RegExp]>([
    [
      "a syntax error in TypeScript",
      { "main.ts": "export default [\n  const x: number = ;\n];\n" },
      /: Expression expected \(\S*main\.ts:2:3\)\n$/,
    ],
    [
      "a syntax error in a module that it imports",
      { "main.ts": 'import "./other.js";\n', "other.js": "export const a = 1;\nexport const b = = 2;\n" },
      /: Unexpected token '=' \(\S*other\.js:2:18\)\n$/,
    ],
    [
      "a name that a module does not export",
      { "main.ts": 'import { b } from "./other.js";\n', "other.js": "export const a = 1;\n" },
      /'\.\/other\.js' does not provide an export named 'b' \(\S*main\.ts:1:10\)\n$/,
    ],
    [
      "an import of what is not there, by its own name",
      { "main.ts": 'import "./nope.js";\n' },
      /: Cannot find module '\S*nope\.js' imported from \S*main\.ts\n$/,
    ],
    [
      "an import of what was not generated",
      { "main.ts": 'import "./gen/dev/restate/ext_pb.js";\n' },
      /: Cannot find module '\S*ext_pb\.js' imported from \S*main\.ts \(run buf generate; .* give protoc-gen-es include_imports: true\)\n$/,
    ],
  ])("names the place of %s", async (_, files, message) => {
    const folder = await mkdtemp(join(data, "module-"));
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text);
    }
    const { code, stdout, stderr } = await runCli("serve", join(folder, "main.ts"));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(message);
  });
});

describe("sampleRequest", () => {
  it("prefers a service whose requests say all, and passes streaming methods by", () => {
    expect(sampleRequest([Accounts, ServerReflection, Counter])).toEqual({
      service: "org.example.Counter",
      method: "Add",
      headers: [],
      json: '{"counter": "Pete", "value": 1}',
    });
  });

  it("knows none where all methods stream", () => {
    expect(sampleRequest([ServerReflection])).toBeUndefined();
  });
});

describe("help", () => {
  it("prints a command's help for help and its name", async () => {
    expect(await runCli("help", "serve")).toEqual(await runCli("serve", "--help"));
    expect((await runCli("help")).stdout).toContain("--version");
  });

  it("lines the options up", async () => {
    const { stdout } = await runCli("serve", "--help");
    const columns = [...stdout.matchAll(/^ {2}--\S+(?: <\S+>)? +(?=\S)/gm)].map(([start]) => start.length);
    expect(columns.length).toBeGreaterThan(10);
    expect(new Set(columns).size).toBe(1);
  });

  it.each([["--help"], ["serve", "--help"], ["send", "--help"], ["invocations", "--help"]])(
    "%j",
    async (...args) => {
      const { code, stdout } = await runCli(...args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: restate-connect /);
    },
  );

  it("suggests the command that was meant", async () => {
    expect(await runCli("sevre")).toEqual({
      code: 1,
      stdout: "",
      stderr: "restate-connect: unknown command 'sevre' (Did you mean serve?) (see restate-connect --help)\n",
    });
  });

  it("knows its version", async () => {
    expect((await runCli("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
