import { Agent, request as requestHttp1 } from "node:http";
import { connect } from "node:http2";
import type { WireRequest } from "../servers/greet-bytes.ts";

/** Sends the same bytes each time, over Node's own HTTP, and resolves with the body of the answer. */
export function openNodeHttp(
  url: string,
  httpVersion: "1.1" | "2",
  request: WireRequest,
): () => Promise<Buffer> {
  return httpVersion === "1.1" ? openHttp1(url, request) : openHttp2(url, request);
}

function openHttp1(url: string, { path, headers, body }: WireRequest): () => Promise<Buffer> {
  const agent = new Agent({ keepAlive: true });
  const options = { method: "POST", agent, headers: { ...headers, "content-length": body.length } };
  return () =>
    new Promise((resolve, reject) => {
      requestHttp1(url + path, options, (response) => collect(response, resolve))
        .on("error", reject)
        .end(body);
    });
}

function openHttp2(url: string, { path, headers, body }: WireRequest): () => Promise<Buffer> {
  const session = connect(url);
  const fields = { ":method": "POST", ":path": path, ...headers };
  return () =>
    new Promise((resolve, reject) => {
      const stream = session.request(fields);
      stream.on("error", reject);
      collect(stream, resolve);
      stream.end(body);
    });
}

function collect(stream: NodeJS.ReadableStream, resolve: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => resolve(Buffer.concat(chunks)));
}
