import type { Protocol } from "../servers/greet-bytes.ts";

export interface ClientOptions {
  readonly contender: "raw Node" | "ours" | "connect-node" | "grpc-js";
  readonly protocol: Exclude<Protocol, "connect-json">;
  readonly httpVersion: "1.1" | "2";
  readonly url: string;
}

/** Calls Greet, and resolves with the greeting. */
export type Greet = (name: string) => Promise<string>;

/** Loads a client with nothing but what it needs, and sets it up. */
export async function openClient(options: ClientOptions): Promise<Greet> {
  switch (options.contender) {
    case "raw Node":
      return openRaw(options);
    case "ours":
      return openOurs(options);
    case "connect-node":
      return openConnectNode(options);
    case "grpc-js":
      return openGrpcJs(options);
  }
}

async function openRaw({ protocol, httpVersion, url }: ClientOptions): Promise<Greet> {
  const { openNodeHttp } = await import("./raw-node.ts");
  const { greetRequest, readGreeting } = await import("../servers/greet-bytes.ts");
  const post = openNodeHttp(url, httpVersion, greetRequest(protocol, "world"));
  let isChecked = false;
  return async () => {
    const body = await post();
    // The first answer is read, and nothing after it: bytes on HTTP are the least that a client can cost.
    const greeting = isChecked ? "" : readGreeting(protocol, body);
    isChecked = true;
    return greeting;
  };
}

async function openOurs({ protocol, httpVersion, url: baseUrl }: ClientOptions): Promise<Greet> {
  const { createTransport } = await import("restate-connect/node");
  const { createGreeterClient } = await import("../../generated/org/example/greeter_restate.ts");
  const transport =
    protocol === "grpc"
      ? createTransport({ baseUrl, protocol })
      : createTransport({ baseUrl, protocol, httpVersion });
  const client = createGreeterClient(transport);
  return async (name) => (await client.greet({ name })).greeting;
}

async function openConnectNode({ protocol, httpVersion, url: baseUrl }: ClientOptions): Promise<Greet> {
  const { createConnectTransport, createGrpcTransport, createGrpcWebTransport } = await import(
    "@connectrpc/connect-node"
  );
  const { createClient } = await import("@connectrpc/connect");
  const { Greeter } = await import("../../generated/org/example/greeter_pb.ts");
  const transports = {
    connect: () => createConnectTransport({ baseUrl, httpVersion, useBinaryFormat: true }),
    grpc: () => createGrpcTransport({ baseUrl }),
    "grpc-web": () => createGrpcWebTransport({ baseUrl, httpVersion }),
  };
  const client = createClient(Greeter, transports[protocol]());
  return async (name) => (await client.greet({ name })).greeting;
}

async function openGrpcJs({ url }: ClientOptions): Promise<Greet> {
  const { openGreeter } = await import("../peers/grpc-js-client.ts");
  return openGreeter(new URL(url).host);
}
