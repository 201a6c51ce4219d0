import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startIngress, type TestIngress } from "./support.ts";

const run = promisify(execFile);

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

/** A reason to skip, or undefined when the tool is on the PATH. */
function missing(tool: string): string | undefined {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${tool} is not on the PATH`;
  }
}

function tool(name: string): typeof describe.skip {
  const reason = missing(name);
  if (reason !== undefined) {
    console.info(`skipped: ${reason}`);
  }
  return reason === undefined ? describe : describe.skip;
}

tool("curl")("curl", () => {
  const curl = async (...args: string[]) => (await run("curl", ["-sS", "-m", "20", ...args])).stdout;
  const json = ["-H", "content-type: application/json"];

  it.each(["--http1.1", "--http2-prior-knowledge"])("calls with %s", async (version) => {
    const url = `${ingress.url}/org.example.Greeter/Greet`;
    expect(await curl(version, "-X", "POST", url, ...json, "-d", '{"name": "Pete"}')).toBe(
      '{"greeting":"Hello Pete"}',
    );
  });

  it("calls in Protobuf, and gets Protobuf", async () => {
    const url = `${ingress.url}/org.example.Greeter/Greet`;
    const args = ["-sS", "-m", "20", "-w", "%{content_type}", url, "-H", "content-type: application/proto"];
    const { stdout } = await run("curl", [...args, "--data-binary", "\n\u0004Pete"]);
    expect(stdout).toBe("\n\nHello Peteapplication/proto");
  });

  it.each(["payload", "argument"])("sends one way, with the request as %s", async (field) => {
    const body = JSON.stringify({
      service: "org.example.Greeter",
      method: "Greet",
      [field]: { name: "Pete" },
    });
    const answer = JSON.parse(
      await curl("-X", "POST", `${ingress.url}/dev.restate.Ingress/Invoke`, ...json, "-d", body),
    );
    expect(answer).toEqual({ id: expect.stringMatching(/^inv_1/) });
    const status = ["-o", "/dev/null", "-w", "%{http_code}"];
    for (const mode of ["cancel", "kill"]) {
      expect(
        await curl(...status, "-X", "DELETE", `${ingress.adminUrl}/invocations/${answer.id}?mode=${mode}`),
      ).toBe("202");
    }
  });
});

tool("grpcurl")("grpcurl", () => {
  const grpcurl = async (...args: string[]) =>
    (await run("grpcurl", ["-plaintext", "-max-time", "20", ...args])).stdout;
  const host = () => ingress.url.slice("http://".length);

  it("describes the services, with the options for their keys", async () => {
    const description = await grpcurl(host(), "describe");
    expect(description).toContain("org.example.Greeter is a service:");
    expect(description).toContain("option (.dev.restate.ext.service_type) = KEYED;");
  });

  it("calls, knowing nothing but the server", async () => {
    const answer = await grpcurl("-d", '{"name": "Pete"}', host(), "org.example.Greeter/Greet");
    expect(JSON.parse(answer)).toEqual({ greeting: "Hello Pete" });
  });
});

tool("buf")("buf curl", () => {
  it.each([
    ["grpc", "grpc-v1"],
    ["grpc", "grpc-v1alpha"],
    ["grpcweb", "grpc-v1"],
    ["connect", "grpc-v1"],
  ])("calls by %s with reflection by %s", async (protocol, reflection) => {
    const { stdout } = await run("buf", [
      "curl",
      "--http2-prior-knowledge",
      "--protocol",
      protocol,
      "--reflect-protocol",
      reflection,
      "--data",
      '{"name": "Pete"}',
      `${ingress.url}/org.example.Greeter/Greet`,
    ]);
    expect(JSON.parse(stdout)).toEqual({ greeting: "Hello Pete" });
  });
});
