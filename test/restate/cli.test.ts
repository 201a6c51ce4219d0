import { createEndpoint, service } from "restate-connect/endpoint";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { runCli, startCli } from "../support/cli.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { freePort } from "../support/free-port.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";

const module = "test/restate/fixtures/durable-counter.ts";

describe("serve, with what it cannot use", () => {
  it.each([
    [
      ["--engine", "cassandra"],
      "option '--engine <name>' argument 'cassandra' is invalid. Allowed choices are embedded, restate.",
    ],
    [["--engine", "restate"], "--engine restate needs --restate-ingress and --restate-admin"],
    [
      ["--engine", "restate", "--restate-ingress", "localhost", "--restate-admin", "http://localhost"],
      "--restate-ingress must be a URL",
    ],
  ])("%j: one line that says so", async (args, message) => {
    const { code, stderr } = await runCli("serve", module, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("register, with what it cannot use", () => {
  it("says that no server is there", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runCli("register", nowhere);
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot reach ${nowhere}`);
  });

  it("asks for the URL", async () => {
    expect((await runCli("register")).stderr).toContain("missing required argument 'admin-url'");
  });
});

describe("createEndpoint on a Node that the SDK does not know", () => {
  const versions = Object.getOwnPropertyDescriptor(process, "versions") ?? {};
  afterAll(() => {
    Object.defineProperty(process, "versions", versions);
  });

  it("is refused, rather than to take invocations and never answer", () => {
    Object.defineProperty(process, "versions", {
      ...versions,
      value: { ...process.versions, node: "20.20.2" },
    });
    const services = [service(Greeter, { greet: () => ({}) })];
    expect(() => createEndpoint({ services })).toThrow("createEndpoint() needs Node 22.22.3 or later");
  });
});

describeWithRestate("serve and register on a Restate server", () => {
  let server: RestateServer;
  beforeAll(async () => {
    server = await startRestate();
  });
  afterAll(() => server?.stop());

  it.each(["ingressUrl", "adminUrl"] as const)(
    "pull from its %s says that it has no reflection",
    async (port) => {
      const { code, stderr } = await runCli("pull", server[port], "--no-generate");
      expect(code).toBe(1);
      expect(stderr).toContain(`${server[port]} has no gRPC reflection`);
      expect(stderr).toContain("A Restate server has no gRPC reflection: use the URL of an ingress");
    },
  );

  it("serve the handlers, register them and put an ingress in front", async () => {
    const port = String(await freePort());
    await using endpoint = startCli("serve", module, "--as-endpoint", "--port", port);
    await endpoint.printed(/Ctrl-C/);
    const uri = `http://127.0.0.1:${port}`;
    expect(endpoint.stdout()).toContain(uri);

    const registered = await runCli("register", server.adminUrl, "--endpoint", uri);
    expect(registered).toMatchObject({ code: 0, stderr: "" });
    expect(registered.stdout).toContain("org.example.Greeter (unkeyed)");
    const again = await runCli("register", server.adminUrl, "--endpoint", uri, "--force");
    expect(again.stdout).toEqual(registered.stdout);

    await using ingress = startCli(
      ...["serve", module, "--engine", "restate", "--port", "0", "--admin-port", "0"],
      ...["--restate-ingress", server.ingressUrl, "--restate-admin", server.adminUrl],
    );
    const [, baseUrl = ""] = await ingress.printed(/ingress\s+(http:\S+)/);
    const counter = createCounterClient(createTransport({ baseUrl, protocol: "grpc" })).key("cli");
    expect(await counter.add({ value: 3n })).toMatchObject({ value: 3n });

    endpoint.child.kill("SIGTERM");
    expect(await endpoint.ended).toBe(0);
  });

  it("say that an endpoint is not there", async () => {
    const uri = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runCli("register", server.adminUrl, "--endpoint", uri);
    expect(code).toBe(1);
    expect(stderr).toContain(`did not register ${uri}`);
    expect(stderr).toContain("Is the endpoint running");
  });
});
