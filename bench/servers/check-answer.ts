import { request as requestHttp1 } from "node:http";
import { connect } from "node:http2";
import { buffer } from "node:stream/consumers";
import { greetRequest, type Protocol, readGreeting, type WireRequest } from "./greet-bytes.ts";

/** What a server answered. Trailers of gRPC-web are in the body. */
export interface WireAnswer {
  readonly status: number;
  readonly grpcStatus: string | undefined;
  readonly body: Buffer;
}

/** Sends a request as the load does, and gives the whole answer. */
export function exchange(url: string, httpVersion: "1.1" | "2", request: WireRequest): Promise<WireAnswer> {
  return httpVersion === "1.1" ? exchangeHttp1(url, request) : exchangeHttp2(url, request);
}

/**
 * Calls Greet as the load will.
 *
 * @returns the bytes of the answer's body.
 * @throws Error when the server does not greet `name`.
 */
export async function checkGreeting(
  server: string,
  url: string,
  { protocol, httpVersion, name }: { protocol: Protocol; httpVersion: "1.1" | "2"; name: string },
): Promise<number> {
  const { status, grpcStatus, body } = await exchange(url, httpVersion, greetRequest(protocol, name));
  const isOk = status === 200 && (protocol !== "grpc" || grpcStatus === "0");
  const greeting = isOk ? readGreeting(protocol, body) : undefined;
  if (greeting !== `Hello ${name}`) {
    const what = greeting?.slice(0, 100) ?? `HTTP ${status}, grpc-status ${grpcStatus}: ${body}`;
    throw new Error(`${server}, ${protocol}: expected the greeting of ${name.slice(0, 20)}, not ${what}`);
  }
  return body.length;
}

function exchangeHttp1(url: string, { path, headers, body }: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const length = { "content-length": body.length };
    requestHttp1(url + path, { method: "POST", headers: { ...headers, ...length } }, async (response) => {
      const answer = await buffer(response);
      resolve({ status: response.statusCode ?? 0, grpcStatus: undefined, body: answer });
    })
      .on("error", reject)
      .end(body);
  });
}

async function exchangeHttp2(url: string, { path, headers, body }: WireRequest): Promise<WireAnswer> {
  const session = connect(url);
  try {
    const stream = session.request({ ":method": "POST", ":path": path, ...headers });
    let status = 0;
    let grpcStatus: string | undefined;
    stream.on("response", (head) => {
      status = Number(head[":status"]);
      grpcStatus = head["grpc-status"]?.toString();
    });
    stream.on("trailers", (trailers) => {
      grpcStatus = trailers["grpc-status"]?.toString();
    });
    stream.end(body);
    return { body: await buffer(stream), status, grpcStatus };
  } finally {
    session.close();
  }
}
