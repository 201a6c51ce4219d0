import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { embedded } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { reflection } from "restate-connect/reflection";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import services from "../../examples/services.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import accounts from "./fixtures/accounts.ts";

let ingress: Ingress;
let folder = "";
let url = "";
let adminUrl = "";

beforeAll(async () => {
  folder = temporaryFolder("call");
  ingress = createIngress({
    services: [...services, ...accounts],
    engine: embedded({ path: join(folder, "data") }),
  });
  ({ url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 }));
});
afterAll(async () => {
  await ingress.close();
  await rm(folder, { recursive: true });
});

describe("call", () => {
  it("asks for reflection v1alpha where the server has nothing newer", async () => {
    const onlyV1alpha = (router: ConnectRouter) => {
      router.service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });
      reflection([Greeter])({
        ...router,
        service: (service, implementation) =>
          service.typeName.includes("v1alpha") ? router.service(service, implementation) : router,
      });
    };
    const server = createServer(connectNodeAdapter({ routes: onlyV1alpha }));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}`;
    const { code, stdout } = await runCli(
      "call",
      "org.example.Greeter/Greet",
      '{"name": "Old"}',
      "--url",
      baseUrl,
    );
    server.close();
    expect([code, JSON.parse(stdout)]).toEqual([0, { greeting: "Hello Old" }]);
  });

  it("prints the response as JSON, for people and for scripts", async () => {
    const args = ["call", "org.example.Greeter/Greet", '{"name": "Pete"}', "--url", url];
    expect(await runCli(...args)).toEqual({
      code: 0,
      stdout: '{\n  "greeting": "Hello Pete"\n}\n',
      stderr: "",
    });
    expect((await runCli(...args, "--json")).stdout).toBe('{"greeting":"Hello Pete"}\n');
  });

  it("names the object of a KEYED service, of a VIRTUAL_OBJECT", async () => {
    const counted = await runCli(
      ...["call", "org.example.Counter/Add", '{"value": "9007199254740993"}', "--key", "c", "--url", url],
    );
    expect(JSON.parse(counted.stdout)).toMatchObject({ value: "9007199254740993" });
    const credited = await runCli(
      ...["call", "org.example.Accounts/Credit", '{"cents": "5"}', "--key", "c", "--url", url],
    );
    expect(JSON.parse(credited.stdout)).toEqual({ cents: "5" });
  });

  it("reads the request from a file and from standard input", async () => {
    const file = join(folder, "request.json");
    await writeFile(file, '{"name": "File"}');
    const fromFile = await runCli("call", "org.example.Greeter/Greet", `@${file}`, "--url", url);
    expect(JSON.parse(fromFile.stdout)).toEqual({ greeting: "Hello File" });
    const child = spawn(
      process.execPath,
      [
        ...["--conditions=@restate-connect/source", "src/cli/bin.ts"],
        ...["call", "org.example.Greeter/Greet", "-", "--url", url],
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    child.stdin.end('{"name": "Pipe"}');
    expect(JSON.parse(await text(child.stdout))).toEqual({ greeting: "Hello Pipe" });
  });

  it("joins the first call of an idempotency key", async () => {
    const args = ["org.example.Counter/Add", '{"value": "1"}', "--key", "idem", "--idempotency-key", "k"];
    const first = await runCli("call", ...args, "--url", url, "--json");
    expect(await runCli("call", ...args, "--url", url, "--json")).toEqual(first);
  });

  it("takes the URL from RESTATE_CONNECT_URL, and an option before it", async () => {
    const previous = process.env.RESTATE_CONNECT_URL;
    process.env.RESTATE_CONNECT_URL = url;
    try {
      expect((await runCli("call", "org.example.Greeter/Greet")).stdout).toContain("Hello");
      const { code, stderr } = await runCli(
        ...["call", "org.example.Greeter/Greet", "--url", "http://127.0.0.1:1"],
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(/cannot reach http:\/\/127\.0\.0\.1:1\//);
    } finally {
      if (previous === undefined) {
        delete process.env.RESTATE_CONNECT_URL;
      } else {
        process.env.RESTATE_CONNECT_URL = previous;
      }
    }
  });

  it("reports errors as JSON under --json", async () => {
    const args = ["org.example.Greeter/Greet", '{"name": "x"}', "--url", url, "--json"];
    const { code, stdout, stderr } = await runCli("call", ...args, "--header", "no-colon");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "usage", message: '--header must be "name: value", not "no-colon"' },
    });
    const unknown = await runCli("attach", `inv_1${"0".repeat(33)}`, "--url", url, "--json");
    expect(JSON.parse(unknown.stderr)).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("attach and output", () => {
  it("print the result of an invocation", async () => {
    const sent = await runCli("send", "org.example.Greeter/Greet", '{"name": "Ada"}', "--url", url, "--json");
    const { id } = JSON.parse(sent.stdout) as { id: string };
    expect(JSON.parse((await runCli("attach", id, "--url", url)).stdout)).toEqual({ greeting: "Hello Ada" });
    expect((await runCli("output", id, "--url", url, "--json")).stdout).toBe('{"greeting":"Hello Ada"}\n');
  });

  it("output says that there is no result yet", async () => {
    const sent = await runCli(
      ...["send", "org.example.Greeter/Greet", "--delay", "1h30m", "--url", url, "--json"],
    );
    const { id } = JSON.parse(sent.stdout) as { id: string };
    const { code, stderr } = await runCli("output", id, "--url", url);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `restate-connect: ${id} has no result yet: its state is scheduled. To wait, use attach\n`,
    );
  });
});

describe("invocations by filter", () => {
  it("end those that the options select, once confirmed by --yes", async () => {
    for (const name of ["a", "b"]) {
      await runCli("send", "org.example.Counter/Add", "{}", "--key", name, "--delay", "1h", "--url", url);
    }
    const select = ["--service", "org.example.Counter", "--state", "scheduled", "--admin", adminUrl];
    const asked = await runCli("invocations", "cancel", ...select);
    expect(asked).toMatchObject({ code: 1, stdout: "" });
    expect(asked.stderr).toBe(
      "restate-connect: 2 invocations would be affected by cancel: add --yes to go on\n",
    );
    const { code, stdout } = await runCli("invocations", "cancel", ...select, "--yes", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ status: "cancelling" }, { status: "cancelling" }]);
    expect((await runCli("invocations", "list", ...select)).stdout).toBe("no invocations\n");
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("knows commands and options in %s", async (shell) => {
    const { code, stdout } = await runCli("completion", shell);
    expect(code).toBe(0);
    expect(stdout).toContain("--idempotency-key");
    expect(stdout).toContain("invocations");
  });

  it("completes in bash", async () => {
    const { stdout } = await runCli("completion", "bash");
    const script = `${stdout}
COMP_WORDS=(restate-connect invocations pu); COMP_CWORD=2; _restate_connect; echo "\${COMPREPLY[@]}"
COMP_WORDS=(restate-connect send --idem); COMP_CWORD=2; _restate_connect; echo "\${COMPREPLY[@]}"`;
    const bash = spawn("bash", ["--norc", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    expect(await text(bash.stdout)).toBe("purge\n--idempotency-key\n");
  });
});
