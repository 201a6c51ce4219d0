import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { service } from "../../src/ingress/index.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
/** Ids of the awakeables that handlers wait for, by the name they were greeted with. */
const waiting = new Map<string, string>();
const greeter = service(Greeter, {
  async greet({ name }, ctx) {
    const schema = name.startsWith("json") ? ValueSchema : GreetResponseSchema;
    const { id, promise } = ctx.awakeable(schema);
    waiting.set(name, id);
    const value = await promise;
    return {
      greeting: value.$typeName === "google.protobuf.Value" ? JSON.stringify(value.kind) : value.greeting,
    };
  },
});
beforeAll(async () => {
  ingress = await startIngress({ services: [greeter] });
});
afterAll(() => ingress.close());

async function post(path: string, body: object) {
  const answer = await http1(ingress.url + path, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: JSON.parse(answer.body.toString()) };
}

/** Greets, and gives the id of the awakeable that the handler made, and the answer to come. */
async function greet(name: string) {
  const answer = post("/org.example.Greeter/Greet", { name });
  await expect.poll(() => waiting.has(name)).toBe(true);
  return { id: waiting.get(name), answer };
}

it.each(["json_result", "jsonResult"])("Resolve takes %s", async (field) => {
  const { id, answer } = await greet(`json ${field}`);
  const resolved = await post("/dev.restate.Awakeables/Resolve", { id, [field]: { a: [1, null] } });
  expect(resolved).toEqual({ status: 200, json: {} });
  expect(JSON.parse((await answer).json.greeting)).toMatchObject({ case: "structValue" });
});

it("Resolve takes null for a value", async () => {
  const { id, answer } = await greet("json null");
  expect((await post("/dev.restate.Awakeables/Resolve", { id, json_result: null })).status).toBe(200);
  expect(JSON.parse((await answer).json.greeting)).toMatchObject({ case: "nullValue" });
});

it("Resolve takes bytes", async () => {
  const { id, answer } = await greet("bytes");
  const bytes_result = Buffer.from([0x0a, 2, 0x68, 0x69]).toString("base64");
  expect((await post("/dev.restate.Awakeables/Resolve", { id, bytes_result })).status).toBe(200);
  expect((await answer).json).toEqual({ greeting: "hi" });
});

it("Reject fails the awakeable with its reason", async () => {
  const { id, answer } = await greet("rejected");
  const rejected = await post("/dev.restate.Awakeables/Reject", { id, reason: "no time" });
  expect(rejected).toEqual({ status: 200, json: {} });
  expect(await answer).toEqual({ status: 500, json: { code: "unknown", message: "no time" } });
});

it("the first completion wins", async () => {
  const { id, answer } = await greet("json first");
  expect((await post("/dev.restate.Awakeables/Resolve", { id, json_result: 1 })).status).toBe(200);
  expect((await post("/dev.restate.Awakeables/Reject", { id, reason: "late" })).status).toBe(200);
  expect((await answer).status).toBe(200);
});

it.each([
  [{ id: "prom_1" }, "result must be non-empty"],
  [{ id: "nonsense", json_result: 1 }, "doesn't match the expected type"],
  [{ id: "prom_1abc", json_result: 1 }, "bad length"],
])("refuses %j", async (request, why) => {
  const { status, json } = await post("/dev.restate.Awakeables/Resolve", request);
  expect(status).toBe(400);
  expect(json.code).toBe("invalid_argument");
  expect(json.message).toContain(why);
});
