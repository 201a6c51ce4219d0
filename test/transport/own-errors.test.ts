// Mistakes of the caller: each is a ConnectError with invalid_argument with every protocol, and nothing is sent.
import { type CallOptions, Code, ConnectError } from "@connectrpc/connect";
import { awakeables } from "restate-connect";
import { createTransport, type NodeTransportOptions } from "restate-connect/node";
import { describe, expect, it } from "vitest";
import { AddResponseSchema } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

const ways: readonly (readonly [string, Partial<NodeTransportOptions>])[] = [
  ["Connect", {}],
  ["Connect, HTTP/2", { httpVersion: "2" }],
  ["Connect, JSON", { format: "json" }],
  ["gRPC", { protocol: "grpc" }],
  ["gRPC-web", { protocol: "grpc-web" }],
  ["restate", { protocol: "restate" }],
  ["restate, JSON", { protocol: "restate", format: "json" }],
];

/** Nothing listens there: a request on its way would fail with `unavailable`. */
const baseUrl = "http://127.0.0.1:1";
const tooLarge = 2n ** 70n;

const badOptions: readonly (readonly [string, CallOptions, string])[] = [
  ["a header beyond Latin-1", { headers: { "x-city": "日本" } }, "header x-city has a character"],
  ["a header with a control character", { headers: { "x-a": "a\u0001b" } }, "header x-a has a character"],
  ["a name that is not a header's", { headers: { "x a": "b" } }, '"x a" is not a valid name of a header'],
  ["a deadline that is not a number", { timeoutMs: Number.NaN }, "timeoutMs is NaN"],
];

describe.each(ways)("%s", (_, options) => {
  const transport = createTransport({ baseUrl, ...options } as NodeTransportOptions);
  const greeter = createGreeterClient(transport);

  describe.each(badOptions)("%s", (_name, given, message) => {
    it.each([
      ["a call", () => greeter.greet({ name: "Pete" }, given)],
      ["a send", () => greeter.send.greet({ name: "Pete" }, given)],
    ])("in %s", async (_what, run) => {
      const error = await run().then(
        () => expect.fail("it succeeded"),
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(ConnectError);
      expect(error).toMatchObject({ code: Code.InvalidArgument });
      expect(String(error)).toContain(message);
    });
  });

  it("a number that its field cannot hold, in a send and in an awakeable", async () => {
    const value = { value: tooLarge };
    for (const run of [
      () => createCounterClient(transport).send.add({ counter: "pete", ...value }),
      () => awakeables(transport).resolve("prom_1abc", AddResponseSchema, value),
    ]) {
      const error = await run().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ConnectError);
      expect(error).toMatchObject({ code: Code.InvalidArgument });
      expect(String(error)).toContain("cannot be written as org.example.Add");
    }
  });
});
