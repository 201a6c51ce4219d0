import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { http1, startIngress, type TestIngress } from "./support.ts";

// To read a number takes a time that grows faster than its length. That these are refused before anybody reads them
// shows in the errors, which tell lengths; how long it takes is measured by `npm run fuzz`.
let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const json = { "content-type": "application/json" };
const place = "/org.example.Orders/Place";
const find = "/org.example.Orders/Find";
const invoke = "/dev.restate.Ingress/Invoke";
const digits = "9".repeat(200_000);

/** A message is at most this long, characters: an error quotes what it needs, not all that it got. */
const shortMessage = 700;

async function refused(path: string, body: string | Uint8Array, headers = {}) {
  const answer = await http1(ingress.url + path, { headers: { ...json, ...headers }, body });
  const { code, message } = JSON.parse(answer.body.toString()) as { code: string; message: string };
  expect(message.length).toBeLessThan(shortMessage);
  return { status: answer.status, code, message };
}

it.each([
  ["int64", find, `{"number":"${digits}"}`],
  ["int64 with leading zeros", find, `{"number":"${"0".repeat(200_000)}5"}`],
  ["int64 with leading spaces", find, `{"number":"${" ".repeat(200_000)}5"}`],
  ["int64 in hexadecimal", find, `{"number":"0x${digits}"}`],
  ["fixed64", place, `{"checksum":"${digits}"}`],
  ["uint32 in a list of messages", place, `{"lines":[{"quantity":"${digits}"}]}`],
  ["double", place, `{"weight":"0.${digits}"}`],
  ["the key of a map", place, `{"gifts":{"${digits}":{}}}`],
  ["a number in a map", place, `{"gifts":{"1":{"unitPrice":"${digits}"}}}`],
  ["an enum", place, `{"priority":"${digits}"}`],
  ["a Timestamp", place, `{"placedAt":"${digits}"}`],
  ["a Duration", place, `{"patience":"${digits}s"}`],
])("refuses a value that is too long for %s", async (_, path, body) => {
  expect(await refused(path, body)).toEqual({
    status: 400,
    code: "invalid_argument",
    message: expect.stringMatching(/ has a value of 20\d{4} characters: /),
  });
});

it("refuses it in the payload of Invoke too", async () => {
  const body = `{"service":"org.example.Orders","method":"Find","payload":{"number":"${digits}"}}`;
  expect((await refused(invoke, body)).message).toContain("has a value of 200000 characters");
});

it("takes texts of any length, and numbers as long as any", async () => {
  const order = {
    note: digits,
    weight: `0.${"1".repeat(1_000)}`,
    extra: { text: digits },
    labels: { a: digits },
  };
  const { status, body } = await http1(ingress.url + place, { headers: json, body: JSON.stringify(order) });
  expect(status).toBe(200);
  expect(JSON.parse(body.toString()).order).toMatchObject({ note: digits, extra: { text: digits } });
});

describe("numbers beyond those of Protobuf", () => {
  it.each(["1e400", "-1e400", "1E+400", `${"9".repeat(400)}.5`])("refuses %s in a Struct", async (number) => {
    expect(await refused(place, `{"extra":{"d":[${number}]}}`)).toMatchObject({
      status: 400,
      code: "invalid_argument",
    });
  });

  it("takes it as text", async () => {
    const body = '{"note":"1e400"}';
    expect((await http1(ingress.url + place, { headers: json, body })).status).toBe(200);
  });

  it("says to write as a string what a JSON number cannot hold", async () => {
    const payload = `{"service":"org.example.Orders","method":"Find","payload":{"number":9007199254740993}}`;
    expect((await refused(invoke, payload)).message).toContain('write "9007199254740993" as a string');
    expect((await refused(place, '{"weight":-9007199254740993}')).message).toContain(
      'write "-9007199254740993" as a string',
    );
  });
});

describe("errors", () => {
  it.each([
    ["an unknown field", place, `{"${"k".repeat(200_000)}":1}`],
    ["an unknown service", invoke, `{"service":"${"k".repeat(200_000)}","method":"x"}`],
    ["a malformed id", "/restateconnect.v1.Invocations/Attach", `{"id":"${"k".repeat(200_000)}"}`],
    ["a path", `/${"k".repeat(15_000)}`, "{}"],
  ])("quote the beginning of %s only", async (_, path, body) => {
    expect((await refused(path, body)).message).toContain("kkk");
  });

  it("quote no control characters of a request", async () => {
    expect((await refused(place, '{"\\u001b[2J\\n":1}')).message).toContain("\\u001b[2J\\n");
  });
});

it("expands a compressed GET to 256 KiB at most", async () => {
  const ask = (size: number) => {
    const message = gzipSync(`{"number":"${" ".repeat(size)}1"}`).toString("base64url");
    const url = `${ingress.url}${find}?encoding=json&compression=gzip&base64=1&message=${message}`;
    return http1(url, { method: "GET" });
  };
  expect((await ask(1_000)).status).toBe(200);
  const { status, body } = await ask(300_000);
  expect(status).toBe(429);
  expect(JSON.parse(body.toString())).toMatchObject({ code: "resource_exhausted" });
});
