import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { frame, frameType } from "../ingress/http2-frames.ts";

/** How a response ends early. */
const ways = ["RST_STREAM(NO_ERROR)", "RST_STREAM(CANCEL)", "half a frame", "FIN", "RST", "GOAWAY"] as const;
type Way = (typeof ways)[number];

/** Errors that say that the response did not arrive, or not whole. */
const honest: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Internal,
  Code.Unknown,
  Code.DataLoss,
  Code.Canceled,
  Code.Aborted,
  Code.InvalidArgument,
]);

const protocols = ["connect", "grpc", "grpc-web"] as const;

/** Enough for several frames. */
const name = "n".repeat(40_000);

/**
 * Calls over HTTP/2 through a proxy that ends the response after each of its frames, in every way, and checks that the
 * client takes none of them for a success.
 *
 * @returns how many responses were cut.
 * @throws Error that says where the client took a part for the whole.
 */
export async function cutResponses(url: string): Promise<number> {
  let cut = 0;
  for (const protocol of protocols) {
    for (const way of ways) {
      for (let frames = 0; ; frames += 1) {
        await using proxy = await cuttingProxy(url, frames, way);
        const wasWhole = await callThrough(proxy, protocol, `${protocol}, ${way} after ${frames} frames`);
        if (wasWhole) {
          break; // the response has no more frames
        }
        cut += 1;
      }
    }
  }
  return cut;
}

/** Whether the proxy let the whole response through. */
async function callThrough(
  proxy: CuttingProxy,
  protocol: (typeof protocols)[number],
  where: string,
): Promise<boolean> {
  const options = { baseUrl: proxy.url, protocol, httpVersion: "2", retry: false } as const;
  const client = createClient(Greeter, createTransport(options as NodeTransportOptions));
  const outcome = await client.greet({ name }, { timeoutMs: 10_000 }).then(
    ({ greeting }) => greeting,
    (reason: unknown) => ConnectError.from(reason),
  );
  if (typeof outcome === "string") {
    if (outcome !== `Hello ${name}`) {
      throw new Error(`a client took ${outcome.length} characters for the whole: ${where}`);
    }
    return !proxy.hasCut();
  }
  if (!honest.has(outcome.code)) {
    throw new Error(`a client failed with ${Code[outcome.code]} (${outcome.rawMessage}): ${where}`);
  }
  return false;
}

interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  hasCut(): boolean;
}

/** Lets so many HEADERS and DATA frames of responses through. */
async function cuttingProxy(target: string, frames: number, way: Way): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let hasCut = false;
  const server = createServer((inner) => {
    const outer = createConnection({ host: hostname, port: Number(port) });
    for (const socket of [inner, outer]) {
      sockets.add(socket.on("error", () => {}));
    }
    inner.pipe(outer);
    outer.on("close", () => inner.destroy());
    inner.on("close", () => outer.destroy());
    if (hasCut) {
      outer.pipe(inner); // a client may send again what was not begun
      return;
    }
    let left = frames;
    let pending = Buffer.alloc(0);
    outer.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (!hasCut && pending.byteLength >= 9 && pending.byteLength >= 9 + pending.readUIntBE(0, 3)) {
        const one = pending.subarray(0, 9 + pending.readUIntBE(0, 3));
        pending = pending.subarray(one.byteLength);
        const isResponse = one[3] === frameType.data || one[3] === frameType.headers;
        if (isResponse && left === 0) {
          hasCut = true;
          cutOff(inner, one, way);
        } else {
          left -= isResponse ? 1 : 0;
          inner.write(one);
        }
      }
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hasCut: () => hasCut,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function cutOff(client: Socket, next: Buffer, way: Way): void {
  const stream = next.readUInt32BE(5);
  switch (way) {
    case "RST_STREAM(NO_ERROR)":
      client.write(frame(frameType.reset, 0, stream, Buffer.of(0, 0, 0, 0)));
      break;
    case "RST_STREAM(CANCEL)":
      client.write(frame(frameType.reset, 0, stream, Buffer.of(0, 0, 0, 8)));
      break;
    case "half a frame":
      client.end(next.subarray(0, Math.ceil(next.byteLength / 2)));
      break;
    case "FIN":
      client.end();
      break;
    case "RST":
      client.resetAndDestroy();
      break;
    case "GOAWAY":
      client.end(frame(goaway, 0, 0, Buffer.alloc(8)));
  }
}

const goaway = 7;
