import { create, toBinary } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { Admin } from "../../generated/restateconnect/v1/admin_pb.ts";
import { InvocationState as State } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

async function send(name: string, headers: Record<string, string> = {}): Promise<string> {
  const client = createClient(Ingress, createConnectTransport({ baseUrl: ingress.url, httpVersion: "1.1" }));
  const value = toBinary(GreetRequestSchema, create(GreetRequestSchema, { name }));
  const argument = { case: "pb", value } as const;
  return (await client.invoke({ service: "org.example.Greeter", method: "Greet", argument }, { headers })).id;
}

const transports: Readonly<Record<string, (baseUrl: string) => Transport>> = {
  Connect: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC-web": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
};

describe.each(Object.entries(transports))("Admin by %s", (_, createTransport) => {
  it("is said to be on another port by the ingress, and the ingress by it", async () => {
    const admin = createClient(Admin, createTransport(ingress.url));
    await expect(admin.listInvocations({})).rejects.toMatchObject({
      code: Code.Unimplemented,
      rawMessage:
        "Service 'restateconnect.v1.Admin' not found. It is on the admin port, 9070 by default; this is the ingress.",
    });
    const client = createClient(Ingress, createTransport(ingress.adminUrl));
    await expect(client.invoke({})).rejects.toMatchObject({
      code: Code.Unimplemented,
      rawMessage:
        "Service 'dev.restate.Ingress' not found. This is the admin port; services are called on the ingress, port 8080 by default.",
    });
  });

  const admin = () => createClient(Admin, createTransport(ingress.adminUrl));
  const stateOf = async (id: string) => (await admin().getInvocation({ id })).invocation?.state;

  it("cancels a running invocation, whose handler sees its signal abort", async () => {
    const id = await send("forever");
    await expect.poll(() => stateOf(id)).toBe(State.RUNNING);
    await admin().cancelInvocation({ id });
    await expect.poll(() => stateOf(id)).toBe(State.FAILED);
    expect((await admin().getInvocation({ id })).invocation?.lastFailure?.code).toBe("canceled");
  });

  it("kills, and purges what has ended", async () => {
    const id = await send("forever");
    await expect(admin().purgeInvocation({ id })).rejects.toMatchObject({ code: Code.FailedPrecondition });
    await admin().killInvocation({ id });
    await expect.poll(() => stateOf(id)).toBe(State.FAILED);
    await admin().purgeInvocation({ id });
    await expect(admin().getInvocation({ id })).rejects.toMatchObject({ code: Code.NotFound });
  });

  it("shows an invocation with the longest possible delay", async () => {
    const id = await send("late", { "x-restate-delay": String(Number.MAX_SAFE_INTEGER) });
    const { invocations } = await admin().listInvocations({ states: [State.SCHEDULED], pageSize: 100 });
    const due = invocations.find((invocation) => invocation.id === id)?.nextAttemptAt;
    expect(due && timestampDate(due)).toEqual(new Date("9999-12-31T23:59:59.999Z"));
  });

  it("lists by filters and pages, the newest first", async () => {
    const delay = { "x-restate-delay": "3600000" };
    const ids = [await send("a", delay), await send("b", delay), await send("c", delay)];
    const query = { service: "org.example.Greeter", method: "Greet", states: [State.SCHEDULED], pageSize: 2 };
    const first = await admin().listInvocations(query);
    expect(first.invocations.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const second = await admin().listInvocations({ ...query, pageToken: first.nextPageToken });
    expect(second.invocations[0]?.id).toBe(ids[0]);
    expect((await admin().listInvocations({ ...query, service: "org.example.Nobody" })).invocations).toEqual(
      [],
    );
    expect((await admin().listInvocations({ ...query, minAge: { seconds: 3600n } })).invocations).toEqual([]);
    expect((await admin().listInvocations({ ...query, key: "pete" })).invocations).toEqual([]);
    await expect(admin().listInvocations({ states: [99 as State] })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    const { counts } = await admin().countInvocations({});
    const scheduled = counts.find(
      ({ service, state }) => service === "org.example.Greeter" && state === State.SCHEDULED,
    );
    expect(Number(scheduled?.count)).toBeGreaterThanOrEqual(3);
    for (const id of ids) {
      await admin().killInvocation({ id });
    }
  });
});

describe("REST", () => {
  const ask = async (method: string, path: string) => {
    const { status, body, headers } = await http1(ingress.adminUrl + path, { method });
    const isJson = headers["content-type"] === "application/json";
    return { status, json: isJson ? JSON.parse(body.toString()) : body.toString() };
  };

  it.each([
    ["", State.FAILED, "canceled"],
    ["?mode=cancel", State.FAILED, "canceled"],
    ["?mode=Cancel", State.FAILED, "canceled"],
    ["?mode=kill", State.FAILED, "aborted"],
  ])("DELETE /invocations/{id}%s answers 202", async (mode, state, code) => {
    const id = await send("forever");
    expect(await ask("DELETE", `/invocations/${id}${mode}`)).toEqual({ status: 202, json: "" });
    const admin = createClient(
      Admin,
      createConnectTransport({ baseUrl: ingress.adminUrl, httpVersion: "1.1" }),
    );
    await expect.poll(async () => (await admin.getInvocation({ id })).invocation?.state).toBe(state);
    expect((await admin.getInvocation({ id })).invocation?.lastFailure?.code).toBe(code);
  });

  it.each([
    ["GET", "/deployments"],
    ["POST", "/services"],
    ["GET", "/invocations/inv_1"],
    ["GET", "//"],
    ["GET", "//x/y"],
  ])("%s %s answers 404, and says what is offered", async (method, path) => {
    expect(await ask(method, path)).toMatchObject({
      status: 404,
      json: { message: expect.stringContaining("DELETE /invocations/{id}") },
    });
  });

  it("DELETE answers 400 for a malformed id or mode", async () => {
    const bad = await ask("DELETE", "/invocations/nonsense");
    expect(bad).toEqual({ status: 400, json: { message: expect.any(String), restate_code: null } });
    const id = await send("Pete");
    expect(await ask("DELETE", `/invocations/${id}?mode=stop`)).toMatchObject({ status: 400 });
  });

  it("DELETE answers 202 for an unknown id", async () => {
    const id = await send("Pete");
    const unknown = id.slice(0, 16) + (id.at(16) === "0" ? "1" : "0") + id.slice(17);
    expect(await ask("DELETE", `/invocations/${unknown}`)).toMatchObject({ status: 202 });
    expect(await ask("DELETE", `/invocations/${unknown}?mode=purge`)).toMatchObject({ status: 404 });
  });

  it("GET /services lists the users' services", async () => {
    const { json } = await ask("GET", "/services");
    expect(json.services.map(({ name }: { name: string }) => name)).toEqual([
      "org.example.Greeter",
      "org.example.Counter",
      "org.example.Orders",
      "org.example.Till",
    ]);
    expect(await ask("GET", "/services/org.example.Counter")).toEqual({
      status: 200,
      json: json.services[1],
    });
    expect(json.services[1]).toEqual({
      name: "org.example.Counter",
      methods: [
        {
          name: "Add",
          input_type: "org.example.AddRequest",
          output_type: "org.example.AddResponse",
          key_field_number: 1,
        },
        {
          name: "Get",
          input_type: "org.example.GetRequest",
          output_type: "org.example.GetResponse",
          key_field_number: 1,
        },
        {
          name: "Reset",
          input_type: "org.example.ResetRequest",
          output_type: "google.protobuf.Empty",
          key_field_number: 1,
        },
      ],
      instance_type: "Keyed",
      revision: 1,
      public: true,
    });
    expect(json.services[0]).toMatchObject({ instance_type: "Unkeyed" });
    expect(json.services[0].methods[0]).not.toHaveProperty("key_field_number");
    expect(json.services[3]).toMatchObject({ instance_type: "Singleton" });
  });

  it("GET /services/{name} answers 404 for an unknown one", async () => {
    expect(await ask("GET", "/services/org.example.Nobody")).toEqual({
      status: 404,
      json: { message: "The requested service 'org.example.Nobody' does not exist", restate_code: null },
    });
  });

  it("GET /health answers 200", async () => {
    expect((await ask("GET", "/health")).status).toBe(200);
  });

  it("does not serve the users' services", async () => {
    const headers = { "content-type": "application/json" };
    const { status } = await http1(`${ingress.adminUrl}/org.example.Greeter/Greet`, { headers, body: "{}" });
    expect(status).toBe(404);
  });
});
