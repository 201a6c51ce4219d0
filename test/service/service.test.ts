import { rm } from "node:fs/promises";
import { create, type DescMethod, type DescService } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { embedded } from "restate-connect/engine";
import { createIngress, type Service, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { describe, expect, it } from "vitest";
import { Health, HealthCheckResponse_ServingStatus } from "../../generated/grpc/health/v1/health_pb.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter, GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
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

  it.each([
    ["ad", 'has no unary method for the handler "ad": did you mean add?'],
    ["Add", 'has no unary method for the handler "Add": did you mean add?'],
    ["charge", 'has no unary method for the handler "charge": it has: add, get, reset'],
  ])("names the handler %s, which no method has, and the methods there are", (name, message) => {
    const handlers = { add: () => ({}), get: () => ({}), reset: () => {}, [name]: () => ({}) };
    expect(() => service(Counter, handlers)).toThrow(`service org.example.Counter ${message}`);
  });

  it("says of a misspelt handler which missing one was meant", () => {
    // @ts-expect-error the types say so too
    expect(() => service(Counter, { add: () => ({}), gett: () => ({}), reset: () => {} })).toThrow(
      'service org.example.Counter has no handler for Get: add "get" to the handlers passed to service(), ' +
        'or run restate-connect scaffold; it has no unary method for the handler "gett": did you mean get?',
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

const greetResponse = "the fields of org.example.GreetResponse";
const wrongResponse = "a wrong org.example.GreetResponse";

describe("a handler", () => {
  it.each<[string, () => unknown, string]>([
    ["nothing", () => {}, `undefined: return ${greetResponse}`],
    ["null", () => null, `null: return ${greetResponse}`],
    ["a text", () => "Hello", `a string: return ${greetResponse}`],
    ["an array", async () => ["Hello"], `an array: return ${greetResponse}`],
    ["an error", () => new TypeError(), `an error, which must be thrown: return ${greetResponse}`],
    [
      "another message",
      () => create(GreetRequestSchema),
      `a message org.example.GreetRequest: return ${greetResponse}`,
    ],
    [
      "a field of a wrong type",
      () => ({ greeting: 5 }),
      `${wrongResponse}: field greeting must be a string, not a number`,
    ],
  ])("that returns %s is reported with its name, and its caller gets internal", async (_, greet, message) => {
    await using server = await startLogged([service(Greeter, { greet: greet as () => object })]);
    const client = createClient(Greeter, server.transport);
    await expect(client.greet({ name: "Pete" })).rejects.toMatchObject({ code: Code.Internal });
    const [error] = server.errors;
    expect(String(error)).toContain(`the handler of org.example.Greeter/Greet returned ${message}`);
    // The handler has returned: no frame would be of it.
    expect(error instanceof Error && error.stack).toBe(String(error));
  });

  it("that returns a text for a number is reported with its name and the field", async () => {
    const handlers = { add: () => ({}), get: () => ({ value: "abc" as never }), reset: () => {} };
    await using server = await startLogged([service(Counter, handlers)]);
    const call = createClient(Counter, server.transport).get({ counter: "a" });
    await expect(call).rejects.toMatchObject({ code: Code.Internal });
    expect(String(server.errors[0])).toMatch(
      /the handler of org.example.Counter\/Get returned a wrong org.example.\w+: .*\.value.*abc/,
    );
  });

  it("that has nothing to return may return nothing", async () => {
    const handlers = { add: () => ({}), get: () => ({}), reset: () => {} };
    await using server = await startLogged([service(Counter, handlers)]);
    await createClient(Counter, server.transport).reset({ counter: "a" });
    expect(server.errors).toEqual([]);
  });
});

/** An ingress whose log is kept. */
async function startLogged(services: readonly Service[]) {
  const errors: unknown[] = [];
  const logger = {
    ...silentLogger,
    error: (_: string, fields?: LogFields) => void errors.push(fields?.error),
  };
  const path = temporaryFolder("service");
  const ingress = createIngress({ services, engine: embedded({ path, logger }) });
  const { url } = await ingress.listen({ port: 0, adminPort: 0 });
  return {
    errors,
    transport: createTransport({ baseUrl: url }),
    async [Symbol.asyncDispose]() {
      await ingress.close();
      await rm(path, { recursive: true });
    },
  };
}

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
