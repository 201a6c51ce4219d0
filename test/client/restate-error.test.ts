import { Code, ConnectError, restateError } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { expect, it } from "vitest";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { startIngress } from "../ingress/support.ts";
import { httpServer } from "../support/http-server.ts";

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("it succeeded"),
    (reason: unknown) => reason,
  );

it("has nothing to say of what no Restate server or ingress answered", async () => {
  expect(restateError(new Error("mine"))).toBeUndefined();
  expect(restateError(undefined)).toBeUndefined();
  expect(restateError(new ConnectError("too late", Code.DeadlineExceeded))).toBeUndefined();
  await using proxy = await httpServer((_, response) => {
    response.writeHead(503, { "content-type": "text/html" }).end("<h1>busy</h1>");
  });
  for (const protocol of ["connect", "restate"] as const) {
    const greeter = createGreeterClient(createTransport({ baseUrl: proxy.url, protocol }));
    expect(restateError(await reasonOf(greeter.greet({})))).toBeUndefined();
  }
});

it.each(["connect", "grpc", "grpc-web"] as const)(
  "distinguishes an error of the ingress from an error of a handler, over %s",
  async (protocol) => {
    await using ingress = await startIngress();
    const transport = createTransport({ baseUrl: ingress.url, protocol });
    const greeter = createGreeterClient(transport);
    const terms = { source: "ingress", metadata: {}, invocationId: undefined };
    const delayed = greeter.greet({}, { headers: { "x-restate-delay": "1" } });
    expect(restateError(await reasonOf(delayed))).toMatchObject({ ...terms, code: 400 });
    const threw = await reasonOf(greeter.greet({ name: "not found" }));
    expect(restateError(threw)).toMatchObject({
      source: "invocation",
      code: 404,
      metadata: { "x-reason": "unknown" },
    });
  },
);
