import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { checkCommand } from "./commands.ts";
import { type ExampleServer, exampleServer } from "./example-server.ts";

describe("npm start", () => {
  let server: ExampleServer;

  beforeAll(async () => {
    server = await exampleServer();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  const shell = async (command: string): Promise<string> => run(await server.here(command), repository);

  it("shows lines to copy that work as they are", async () => {
    const lines = server.banner.match(/(?<=^ +)(curl|grpcurl) .*$/gm) ?? [];
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      await checkCommand("npm start", line, server);
    }
  });

  it("answers curl in JSON", async () => {
    const command = `curl -s -X POST http://localhost:8080/org.example.Greeter/Greet -H 'content-type: application/json' -d '{"name": "Pete"}'`;
    expect(await shell(command)).toBe('{"greeting":"Hello Pete"}');
  });

  it("answers curl in Protobuf", async () => {
    const command = `printf '\\n\\004Pete' | curl -s -X POST http://localhost:8080/org.example.Greeter/Greet -H 'content-type: application/proto' --data-binary @- --write-out '%{content_type}'`;
    expect(await shell(command)).toBe("\n\x0aHello Peteapplication/proto");
  });

  it.each(["payload", "argument"])("takes a one-way invocation with its %s", async (field) => {
    const command = `curl -s -X POST http://localhost:8080/dev.restate.Ingress/Invoke -H 'content-type: application/json' -d '{"service": "org.example.Greeter", "method": "Greet", "${field}": {"name": "Pete"}}'`;
    expect(JSON.parse(await shell(command))).toEqual({ id: expect.stringMatching(/^inv_1/) });
  });

  it.each(["cancel", "kill"])("takes a request to %s", async (mode) => {
    const command = `curl -s -X DELETE 'http://localhost:9070/invocations/<id>?mode=${mode}' --write-out '%{http_code}'`;
    expect(await shell(command)).toMatch(/202$/);
  });

  it("describes itself to buf curl, which calls without any proto", async () => {
    const call = `npx buf curl --protocol grpc --http2-prior-knowledge -d '{"name": "Pete"}' http://localhost:8080/org.example.Greeter/Greet`;
    expect(JSON.parse(await shell(call))).toEqual({ greeting: "Hello Pete" });
    const list =
      "npx buf curl --http2-prior-knowledge --reflect-protocol grpc-v1alpha --list-services http://localhost:8080";
    expect(await shell(list)).toContain("org.example.Greeter");
  });
});
