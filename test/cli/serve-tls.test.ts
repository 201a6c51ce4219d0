import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { certificate, issuer } from "../support/certificates.ts";
import { runCli, startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const files = "test/support/tls";
let data = "";
beforeAll(async () => {
  data = temporaryFolder("serve-tls");
});
afterAll(() => rm(data, { recursive: true }));

const serve = (...args: string[]) => [
  "serve",
  "examples/services.ts",
  "--port",
  "0",
  "--admin-port",
  "0",
  ...args,
];

it("serves over TLS to clients with a certificate, and keeps the admin port to this machine", async () => {
  await using cli = startCli(
    ...serve("--data", join(data, "store"), "--host", "0.0.0.0"),
    ...[
      "--tls-cert",
      `${files}/server.crt`,
      "--tls-key",
      `${files}/server.key`,
      "--tls-client-ca",
      `${files}/ca.crt`,
    ],
  );
  const [, url = ""] = await cli.printed(/ingress\s+(https:\S+)/);
  expect(new URL(url).hostname).toBe("localhost");
  await cli.printed(/admin\s+https:\/\/127\.0\.0\.1:/);
  const nodeOptions = { ca: issuer, ...certificate("client") };
  const greeter = createGreeterClient(
    createTransport({ baseUrl: url, protocol: "grpc", nodeOptions, httpVersion: "2" }),
  );
  expect(await greeter.greet({ name: "Pete" })).toMatchObject({ greeting: "Hello Pete" });
});

it.each([
  [["--tls-cert", `${files}/server.crt`], /TLS needs both --tls-cert <file> and --tls-key <file>/],
  [["--tls-cert", "no.crt", "--tls-key", "no.key"], /cannot read --tls-cert no\.crt: .*ENOENT/],
  [
    ["--tls-cert", `${files}/server.crt`, "--tls-key", `${files}/client.key`],
    /tls of createIngress\(\) cannot be used/,
  ],
])("says what is wrong with %j", async (args, message) => {
  const { code, stderr } = await runCli(...serve("--data", join(data, "other"), ...args));
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});
