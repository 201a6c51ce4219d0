import type { DescMessage } from "@bufbuild/protobuf";
import { jsonLanguage } from "@codemirror/lang-json";
import { describe, expect, it } from "vitest";
import { AddRequestSchema } from "../../generated/org/example/counter_pb.ts";
import { OrderSchema } from "../../generated/org/example/orders_pb.ts";
import { jsonCompletions } from "../../src/console/try/json-completions.ts";
import { jsonProblems } from "../../src/console/try/json-problems.ts";
import { messageShape } from "../../src/console/try/json-shape.ts";
import { sampleRequest } from "../../src/console/try/sample.ts";

describe("the problems of a request's JSON", () => {
  const problems = (text: string, schema: DescMessage = OrderSchema) =>
    jsonProblems(jsonLanguage.parser.parse(text), text, messageShape(schema)).map(
      ({ from, to, message }) => `${text.slice(from, to)}: ${message}`,
    );

  it.each([
    "{}",
    '{"number": "9223372036854775807", "lines": [{"unit_price": -1}], "priority": "PRIORITY_LOW"}',
    '{"labels": {"a": "b"}, "gifts": {"1": {"article": "x"}}, "history": [1, "PRIORITY_HIGH"]}',
    '{"placedAt": "2026-01-31T12:00:00.5+01:00", "patience": "1.5s", "coupon": null, "extra": {"any": [1]}}',
    '{"signature": "aGk=", "weight": "NaN", "checksum": "18446744073709551615"}',
  ])("there are none in %s", (text) => expect(problems(text)).toEqual([]));

  it.each([
    ['{"nr": 1}', '"nr": Order has no field nr. It has number, lines'],
    ['{"number": 9007199254740993}', "9007199254740993: JSON numbers lose digits of this size"],
    ['{"number": 1.5}', "1.5: write a whole number"],
    ['{"number": "9223372036854775808"}', "write a whole number from -9223372036854775808"],
    ['{"lines": {}}', "{}: write a list"],
    ['{"lines": [{"quantity": -1}]}', "-1: write a whole number from 0 to 4294967295"],
    ['{"priority": "URGENT"}', '"URGENT": write one of PRIORITY_UNSPECIFIED, PRIORITY_LOW'],
    ['{"iban": "x", "card": {}}', '"card": iban and card are both of oneof payment'],
    ['{"iban": "x", "iban": "y"}', '"iban": iban and iban are both of oneof payment'],
    ['{"note": "x", "note": "y"}', '"note": note is given twice'],
    ['{"placedAt": "yesterday"}', '"yesterday": write a time'],
    ['{"patience": 5}', "5: write a duration in seconds"],
    ['{"signature": "a b"}', '"a b": write the bytes as a base64 string'],
    ['{"labels": {"a": 1}}', "1: write a string"],
    ["[]", "[]: write an object: org.example.Order"],
  ])("in %s: %s", (text, problem) => {
    expect(problems(text)).toEqual([expect.stringContaining(problem)]);
  });

  it("are not in the sample that the form begins with", () => {
    expect(problems(sampleRequest(OrderSchema))).toEqual([]);
    expect(sampleRequest(AddRequestSchema)).toBe('{\n  "counter": "",\n  "value": "0"\n}');
  });
});

describe("the completions of a request's JSON", () => {
  /** The labels that are proposed where the text has a bar. */
  function labels(marked: string): readonly string[] {
    const position = marked.indexOf("|");
    const text = marked.replace("|", "");
    const tree = jsonLanguage.parser.parse(text);
    const found = jsonCompletions(tree, text, position, messageShape(OrderSchema));
    return found?.choices.map(({ label }) => label) ?? [];
  }

  it("are the fields that are not there yet", () => {
    expect(labels('{"number": 1, "|"}')).toEqual(expect.arrayContaining(["lines", "placedAt", "checksum"]));
    expect(labels('{"number": 1, "|"}')).not.toContain("number");
    expect(labels("{|}")).toContain("number");
  });

  it("know the message that the place is in", () => {
    expect(labels('{"lines": [{"|"}]}')).toEqual(["article", "quantity", "unitPrice"]);
    expect(labels('{"gifts": {"1": {"|"}}}')).toEqual(["article", "quantity", "unitPrice"]);
    expect(labels('{"card": {"holder": "x", "|"}}')).toEqual(["lastDigits"]);
  });

  it("are the values of an enum, also in a list", () => {
    const values = ["PRIORITY_UNSPECIFIED", "PRIORITY_LOW", "PRIORITY_HIGH"];
    expect(labels('{"priority": "|"}')).toEqual(values);
    expect(labels('{"priority": |}')).toEqual(values);
    expect(labels('{"history": [|]}')).toEqual(values);
  });

  it("are not in free text", () => expect(labels('{"note": "|"}')).toEqual([]));
});
