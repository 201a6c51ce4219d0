import { rm } from "node:fs/promises";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { embedded } from "restate-connect/engine";
import { createIngress, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { describe, expect, it } from "vitest";
import { Health, HealthCheckResponse_ServingStatus } from "../../generated/grpc/health/v1/health_pb.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import type { LogFields } from "../../src/model/logger.ts";
import { silentLogger } from "../support/loggers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("service", () => {
  it("names all methods without a handler, and the fix", () => {
    // @ts-expect-error the types say so too
    expect(() => service(Counter, { add: () => ({}) })).toThrow(
      'service org.example.Counter has no handler for Get, Reset: add "get", "reset" to the handlers passed to service(), or run restate-connect scaffold',
    );
  });

  it("names handlers that no method has, and the methods there are", () => {
    const handlers = { add: () => ({}), get: () => ({}), reset: () => {}, ad: () => ({}) };
    expect(() => service(Counter, handlers)).toThrow(
      "service org.example.Counter has no unary method ad: its methods are add, get, reset",
    );
  });

  it("wants no handler for a streaming method, and serves the others", async () => {
    const desc = renamed(Health, "org.example.Health");
    const handlers = {
      check: () => ({ status: HealthCheckResponse_ServingStatus.NOT_SERVING }),
      list: () => ({}),
    };
    const path = temporaryFolder("service");
    const ingress = createIngress({ services: [service(desc, handlers)], engine: embedded({ path }) });
    const { url } = await ingress.listen({ port: 0, adminPort: 0 });
    const client = createClient(desc, createTransport({ baseUrl: url, protocol: "grpc" }));
    expect((await client.check({})).status).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
    const watch = (async () => {
      for await (const _ of client.watch({})) {
        expect.fail("a stream was served");
      }
    })();
    await expect(watch).rejects.toMatchObject({ code: Code.NotFound });
    await ingress.close();
    await rm(path, { recursive: true });
  });
});

describe("a handler", () => {
  it("that returns a wrong type is reported with the field's name, and its caller gets internal", async () => {
    const errors: unknown[] = [];
    const logger = {
      ...silentLogger,
      error: (_: string, fields?: LogFields) => void errors.push(fields?.error),
    };
    const path = temporaryFolder("service");
    const greet = () => Promise.resolve({ greeting: 5 as unknown as string });
    const ingress = createIngress({
      services: [service(Greeter, { greet })],
      engine: embedded({ path, logger }),
    });
    const { url } = await ingress.listen({ port: 0, adminPort: 0 });
    const client = createClient(Greeter, createTransport({ baseUrl: url }));
    await expect(client.greet({ name: "Pete" })).rejects.toMatchObject({ code: Code.Internal });
    expect(String(errors[0])).toContain(
      "the handler of org.example.Greeter/Greet returned a wrong org.example.GreetResponse: field greeting must be a string, not a number",
    );
    await ingress.close();
    await rm(path, { recursive: true });
  });
});

/** A service under another name: Health has a streaming method, but its own name belongs to the ingress. */
function renamed<S extends DescService>(original: S, typeName: string): S {
  const methods = original.methods.map((method): DescMethod => ({ ...method }));
  const method = Object.fromEntries(methods.map((one) => [one.localName, one]));
  const copy = { ...original, typeName, methods, method };
  for (const one of methods) {
    Object.assign(one, { parent: copy });
  }
  return copy;
}
