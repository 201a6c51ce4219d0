import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GreetResponseSchema } from "../../../generated/org/example/greeter_pb.ts";
import { invocation } from "../../../src/client/index.ts";
import { createTransport } from "../../../src/transport/node.ts";
import { startIngress, type TestIngress } from "../../ingress/support.ts";

/** A call of `Greeter.Greet` by a peer. */
export interface Greet {
  readonly name: string;
  /** The request header `x-echo`. */
  readonly echo?: string;
  readonly timeoutMs?: number;
}

/** What came back, as the peer understood it. */
export type Greeted =
  | {
      readonly greeting: string;
      /** The response header `x-echo`. */
      readonly echo?: string | undefined;
      /** The response trailer `x-end`. */
      readonly end?: string | undefined;
    }
  | {
      readonly code: Code;
      readonly message?: string;
      /** The error's metadata `x-reason`. */
      readonly reason?: string | undefined;
      /** `greeting` of the error's detail. */
      readonly detail?: string | undefined;
    };

/** A client of another maker. */
export interface Peer {
  greet(url: string, call: Greet): Promise<Greeted>;
  /** Sends a greeting one way with `dev.restate.Ingress/Invoke`, and returns the id. */
  send?(url: string, name: string): Promise<string>;
}

/** The tests that every client has to pass against the ingress. */
export function checkGreeter(peer: Peer): void {
  let ingress: TestIngress;
  beforeAll(async () => {
    ingress = await startIngress();
  });
  afterAll(() => ingress.close());

  it("calls", async () => {
    expect(await peer.greet(ingress.url, { name: "Zoë 🦊" })).toMatchObject({ greeting: "Hello Zoë 🦊" });
  });

  it("calls with headers, and gets headers and trailers", async () => {
    expect(await peer.greet(ingress.url, { name: "Pete", echo: "one, two" })).toMatchObject({
      greeting: "Hello Pete",
      echo: "one, two",
      end: "bye",
    });
  });

  it("gets an error with its details and metadata", async () => {
    expect(await peer.greet(ingress.url, { name: "not found" })).toMatchObject({
      code: Code.NotFound,
      message: "no such person: 100 % sure, ünd sorry",
      reason: "unknown",
      detail: "a detail",
    });
  });

  it("gets deadline_exceeded when its time is over", async () => {
    expect(await peer.greet(ingress.url, { name: "forever", timeoutMs: 200 })).toMatchObject({
      code: Code.DeadlineExceeded,
    });
  });

  const { send } = peer;
  if (send === undefined) {
    return;
  }
  it("sends one way", async () => {
    const id = await send(ingress.url, "Pete");
    const transport = createTransport({ baseUrl: ingress.url });
    expect(await invocation(transport, id, GreetResponseSchema).attach()).toMatchObject({
      greeting: "Hello Pete",
    });
  });
}
