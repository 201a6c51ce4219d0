import { afterAll, beforeAll, expect, it } from "vitest";
import { startIngress, type TestIngress } from "../../ingress/support.ts";
import { describeWith } from "../support/describe-with.ts";
import { goPrograms } from "../support/go.ts";
import { run } from "../support/run.ts";

await describeWith("grpcurl", goPrograms, ({ grpcurl }) => {
  let ingress: TestIngress;
  beforeAll(async () => {
    ingress = await startIngress();
  });
  afterAll(() => ingress.close());

  /** All that grpcurl knows of the services comes from reflection. */
  const curl = (...args: string[]) => {
    const flags = args.slice(0, -1);
    return run(grpcurl, [
      "-plaintext",
      ...flags,
      new URL(ingress.url).host,
      ...args.slice(-1).flatMap((a) => a.split(" ")),
    ]);
  };

  it("lists the services", async () => {
    const { stdout } = await curl("list");
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining(["dev.restate.Ingress", "org.example.Counter", "org.example.Greeter"]),
    );
  });

  it("describes a method and a message", async () => {
    expect((await curl("describe org.example.Greeter.Greet")).stdout).toContain(
      "rpc Greet ( .org.example.GreetRequest ) returns ( .org.example.GreetResponse );",
    );
    expect((await curl("describe .org.example.AddRequest")).stdout).toContain(
      "(.dev.restate.ext.field) = KEY",
    );
  });

  it("calls with headers, and shows headers and trailers", async () => {
    const { stdout } = await curl(
      "-v",
      "-H",
      "x-echo: hey",
      "-d",
      '{"name": "Zoë"}',
      "org.example.Greeter/Greet",
    );
    expect(stdout).toContain('"greeting": "Hello Zoë"');
    expect(stdout).toContain("x-echo: hey");
    expect(stdout).toContain("x-end: bye");
  });

  it("gets an error with its details", async () => {
    const { stderr, code } = await curl("-d", '{"name": "not found"}', "org.example.Greeter/Greet");
    expect(code).toBe(64 + 5);
    expect(stderr).toContain("Code: NotFound");
    expect(stderr).toContain("Message: no such person: 100 % sure, ünd sorry");
    expect(stderr).toMatch(
      /"@type": "type.googleapis.com\/org.example.GreetResponse",\s+"greeting": "a detail"/,
    );
  });

  it("sends one way, and attaches", async () => {
    const argument = '{"service": "org.example.Greeter", "method": "Greet", "argument": {"name": "Pete"}}';
    const sent = await curl("-d", argument, "dev.restate.Ingress/Invoke");
    const { id } = JSON.parse(sent.stdout) as { id: string };
    const attached = await curl("-d", JSON.stringify({ id }), "restateconnect.v1.Invocations/Attach");
    expect(attached.stdout).toContain(Buffer.from("\n\nHello Pete").toString("base64"));
  });

  it("gives up at its deadline", async () => {
    const { stderr } = await curl("-max-time", "1", "-d", '{"name": "forever"}', "org.example.Greeter/Greet");
    expect(stderr).toContain("Code: DeadlineExceeded");
  });
});
