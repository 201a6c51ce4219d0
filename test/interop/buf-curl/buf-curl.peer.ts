import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startIngress, type TestIngress } from "../../ingress/support.ts";
import { run } from "../support/run.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const schemas: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["reflection", ["--http2-prior-knowledge"]],
  ["reflection v1alpha", ["--http2-prior-knowledge", "--reflect-protocol", "grpc-v1alpha"]],
  ["a schema, HTTP/2", ["--schema", ".", "--http2-prior-knowledge"]],
  ["a schema, HTTP/1.1", ["--schema", "."]],
];

/** A `GreetResponse` of "a detail". */
const detail = Buffer.from("\n\x08a detail").toString("base64").replace(/=+$/, "");

/** gRPC needs HTTP/2. */
const ways = ["connect", "grpc", "grpcweb"].flatMap((protocol) =>
  schemas
    .filter(([, args]) => protocol !== "grpc" || args.includes("--http2-prior-knowledge"))
    .map(([name, args]) => ({ protocol, name, args })),
);

describe.each(ways)("buf curl, $protocol by $name", ({ protocol, args }) => {
  const curl = (path: string, body: unknown, ...more: string[]) =>
    run("buf", [
      "curl",
      "--protocol",
      protocol,
      ...args,
      ...more,
      "--data",
      JSON.stringify(body),
      ingress.url + path,
    ]);

  it("calls", async () => {
    const { stdout } = await curl(
      "/org.example.Greeter/Greet",
      { name: "Zoë" },
      "--header",
      "x-echo: hey",
      "-v",
    );
    expect(JSON.parse(stdout)).toEqual({ greeting: "Hello Zoë" });
  });

  it("gets an error with its details", async () => {
    const { stderr, code } = await curl("/org.example.Greeter/Greet", { name: "not found" });
    expect(code).toBe(5 * 8);
    expect(JSON.parse(stderr)).toMatchObject({
      code: "not_found",
      message: "no such person: 100 % sure, ünd sorry",
      details: [{ type: "org.example.GreetResponse", value: detail }],
    });
  });

  it("sends one way", async () => {
    const invoke = { service: "org.example.Greeter", method: "Greet", argument: { name: "Pete" } };
    const { stdout } = await curl("/dev.restate.Ingress/Invoke", invoke);
    expect(JSON.parse(stdout)).toEqual({ id: expect.stringMatching(/^inv_/) });
  });
});

it("buf curl lists services and methods", async () => {
  const list = async (what: string) =>
    (await run("buf", ["curl", "--http2-prior-knowledge", what, ingress.url])).stdout.split("\n");
  expect(await list("--list-services")).toEqual(
    expect.arrayContaining(["org.example.Greeter", "dev.restate.Ingress"]),
  );
  expect(await list("--list-methods")).toContain("org.example.Greeter/Greet");
});
