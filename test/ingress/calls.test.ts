import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { OrderSchema, Orders, Priority, Till } from "../../generated/org/example/orders_pb.ts";
import { exampleServices } from "./services.ts";
import { startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
const aborted: unknown[] = [];
beforeAll(async () => {
  ingress = await startIngress({ services: exampleServices((reason) => aborted.push(reason)) });
});
afterAll(() => ingress.close());

const transports: Readonly<Record<string, (baseUrl: string) => Transport>> = {
  "Connect, JSON, HTTP/1.1": (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  "Connect, binary, HTTP/1.1": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "Connect, binary, HTTP/2": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  "gRPC, binary, HTTP/2": (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC, JSON, HTTP/2": (baseUrl) => createGrpcTransport({ baseUrl, useBinaryFormat: false }),
  "gRPC-web, binary, HTTP/1.1": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "gRPC-web, JSON, HTTP/2": (baseUrl) =>
    createGrpcWebTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
};

describe.each(Object.entries(transports))("%s", (_, createTransport) => {
  const transport = () => createTransport(ingress.url);

  it("answers a call", async () => {
    const { greeting } = await createClient(Greeter, transport()).greet({ name: "Pete" });
    expect(greeting).toBe("Hello Pete");
  });

  it("carries headers and trailers both ways", async () => {
    const headers = new Headers({ "x-bytes-bin": "AAEC/w" });
    headers.append("x-echo", "one");
    headers.append("x-echo", "two");
    let header = new Headers();
    let trailer = new Headers();
    await createClient(Greeter, transport()).greet(
      { name: "Pete" },
      {
        headers,
        timeoutMs: 60_000,
        onHeader: (got) => {
          header = got;
        },
        onTrailer: (got) => {
          trailer = got;
        },
      },
    );
    expect(header.get("x-echo")).toBe("one, two");
    expect(header.get("x-bytes-bin")).toBe("AAEC/w");
    expect(header.get("x-restate-id")).toMatch(/^inv_1/);
    expect(trailer.get("x-end")).toBe("bye");
    // The deadline is the handler's too.
    const protocol =
      /^(connect-(?!timeout)|grpc-(?!timeout)|content-|te$|host$|connection$|accept-encoding$)/;
    expect(
      header
        .get("x-all")
        ?.split(" ")
        .filter((name) => protocol.test(name)),
    ).toEqual([]);
  });

  it("answers with a handler's error, its details and metadata", async () => {
    const failure = await createClient(Greeter, transport())
      .greet({ name: "not found" })
      .catch((reason: unknown) => reason);
    const error = ConnectError.from(failure);
    expect(error.code).toBe(Code.NotFound);
    expect(error.rawMessage).toBe("no such person: 100 % sure, ünd sorry");
    expect(error.findDetails(GreetResponseSchema).map(({ greeting }) => greeting)).toEqual(["a detail"]);
    expect(error.metadata.get("x-reason")).toBe("unknown");
    expect(error.metadata.get("x-restate-id")).toMatch(/^inv_1/);
  });

  it("keeps what each kind of field holds", async () => {
    const order = create(OrderSchema, {
      number: 9007199254740993n,
      lines: [{ article: "nut", quantity: 4294967295, unitPrice: -1n }],
      priority: Priority.HIGH,
      payment: { case: "card", value: { holder: "ü", lastDigits: 7 } },
      labels: { a: "b" },
      gifts: { [-3]: { article: "bow" } },
      note: "",
      placedAt: { seconds: 1n, nanos: 5 },
      patience: { seconds: 3n },
      extra: { list: [1, "two", null] },
      coupon: "",
      signature: new Uint8Array([0, 255]),
      weight: Number.POSITIVE_INFINITY,
      checksum: 18446744073709551615n,
      history: [Priority.LOW, Priority.UNSPECIFIED],
    });
    const receipt = await createClient(Orders, transport()).place(order);
    expect(receipt.order).toEqual(order);
  });

  it("ends the wait at the caller's deadline", async () => {
    const call = createClient(Greeter, transport()).greet({ name: "forever" }, { timeoutMs: 100 });
    await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });

  it("tells the handler of a plain call when the caller has gone", async () => {
    const before = aborted.length;
    const leave = new AbortController();
    const call = createClient(Greeter, transport()).greet({ name: "forever" }, { signal: leave.signal });
    setTimeout(() => leave.abort(), 50);
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    await expect
      .poll(() => aborted.slice(before).map((reason) => ConnectError.from(reason).code))
      .toContain(Code.Canceled);
  });

  it("takes a KEYED service's key from the request, and refuses an empty one", async () => {
    const counter = createClient(Counter, transport());
    await counter.reset({ counter: "pete" });
    await counter.add({ counter: "pete", value: 2n });
    expect((await counter.add({ counter: "pete", value: 3n })).value).toBe(5n);
    await expect(counter.get({})).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining("field counter of org.example.GetRequest"),
    });
  });

  it("calls a SINGLETON service, and methods of Empty", async () => {
    expect((await createClient(Till, transport()).deposit({ amount: 7n })).balance).toBe(7n);
    expect(await createClient(Orders, transport()).clear({})).toMatchObject({
      $typeName: "google.protobuf.Empty",
    });
    expect((await createClient(Orders, transport()).count({})).value).toBe(3n);
  });

  it("does not show callers the text of an error other than a ConnectError", async () => {
    const error = await createClient(Greeter, transport()).greet({ name: "bug" }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.Internal });
    expect(String(error)).not.toContain("a secret");
  });

  it("takes and gives compressed messages", async () => {
    const name = "x".repeat(100_000);
    const { greeting } = await createClient(Greeter, transport()).greet({ name });
    expect(greeting).toBe(`Hello ${name}`);
  });
});
