import { createFileRegistry } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Orders } from "../../generated/org/example/orders_pb.ts";
import { snippets } from "../../src/console/try/snippets.ts";
import { emptyForm, type TryForm } from "../../src/console/try/try-request.ts";

const registry = createFileRegistry();

describe("a request as other tools take it", () => {
  const textsOf = (
    method: Parameters<typeof snippets>[0],
    json: string,
    change: Partial<TryForm> = {},
  ): Readonly<Record<string, string>> => {
    const form = { ...emptyForm(method, json), ...change };
    return Object.fromEntries(
      snippets(method, form, "http://localhost:8080", registry).map(({ title, text }) => [title, text]),
    );
  };

  it("is a curl, grpcurl and buf curl command", () => {
    const texts = textsOf(
      Counter.method.add,
      `{"counter": "it's", "value": 9007199254740993}`.replace("9007199254740993", '"9007199254740993"'),
    );
    expect(texts.curl).toBe(
      `curl http://localhost:8080/org.example.Counter/Add -H 'content-type: application/json' -d '{"counter":"it'\\''s","value":"9007199254740993"}'`,
    );
    expect(texts.grpcurl).toBe(
      `grpcurl -plaintext -d '{"counter":"it'\\''s","value":"9007199254740993"}' localhost:8080 org.example.Counter/Add`,
    );
    expect(texts["buf curl"]).toContain('buf curl --http2-prior-knowledge -d \'{"counter":');
  });

  it("is a send with its delay, its key and its idempotency key", () => {
    const { curl = "", TypeScript = "" } = textsOf(Accounts.method.credit, '{"cents": "5"}', {
      mode: "send",
      key: "a/b",
      delay: "1.5",
      idempotencyKey: "once",
    });
    expect(curl).toContain("http://localhost:8080/dev.restate.Ingress/Invoke");
    expect(curl).toContain(
      "-H 'x-restate-object-key: a%2Fb' -H 'idempotency-key: once' -H 'x-restate-delay: 1500'",
    );
    expect(curl).toContain('"payload": {"cents":"5"}');
    expect(TypeScript).toContain('createAccountsClient(transport).key("a/b");');
    expect(TypeScript).toContain(
      'await client.send.credit({\n  cents: 5n,\n}, { idempotencyKey: "once", delay: 1500 });',
    );
  });

  it("is TypeScript for every kind of field", () => {
    const json = JSON.stringify({
      number: "1",
      lines: [{ article: "x", quantity: 2, unitPrice: "3" }],
      priority: "PRIORITY_HIGH",
      card: { holder: "Pete" },
      labels: { a: "b" },
      patience: "1.5s",
      extra: { any: [1] },
      coupon: "c",
      signature: "AQI=",
    });
    const { TypeScript = "" } = textsOf(Orders.method.place, json);
    for (const part of [
      "number: 1n",
      "unitPrice: 3n",
      "priority: 2 /* PRIORITY_HIGH */",
      'payment: { case: "card", value: {',
      'labels: { "a": "b" }',
      "seconds: 1n",
      'extra: {"any":[1]}',
      'coupon: "c"',
      "signature: new Uint8Array([1, 2])",
    ]) {
      expect(TypeScript).toContain(part);
    }
  });

  it("submits the run of a workflow", () => {
    const { TypeScript = "" } = textsOf(Signup.method.run, '{"email": "a@b"}', { key: "pete" });
    expect(TypeScript).toContain('.workflow("pete");');
    expect(TypeScript).toContain("const sent = await client.submit({");
  });

  it("says what is wrong with the form", () => {
    expect(() => textsOf(Counter.method.add, "{}", { deadline: "soon" })).toThrow('The deadline is "soon"');
    expect(() => textsOf(Counter.method.add, "{}", { headers: "nonsense" })).toThrow("is not a header");
  });
});
