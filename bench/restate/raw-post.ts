import { type ClientHttp2Session, connect } from "node:http2";

/** A request that is the same each time. */
export interface RawRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Requests over one HTTP/2 connection, as cheap as possible in Node, so that the server dominates. */
export interface RawClient extends Disposable {
  /** Makes a function that sends this request, and resolves with the answer. Rejects if it is not a success. */
  post(request: RawRequest): () => Promise<Uint8Array>;
}

export function rawClient(url: string): RawClient {
  const session = connect(url);
  return {
    post: ({ path, headers, body }) => {
      const fields = { ":method": "POST", ":path": path, "content-type": "application/proto", ...headers };
      return () => exchange(session, fields, body);
    },
    [Symbol.dispose]: () => session.destroy(),
  };
}

function exchange(
  session: ClientHttp2Session,
  fields: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const stream = session.request(fields);
    let status = 0;
    const chunks: Buffer[] = [];
    stream.on("response", (answer) => {
      status = Number(answer[":status"]);
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const answer = Buffer.concat(chunks);
      if (status >= 200 && status < 300) {
        resolve(answer);
      } else {
        reject(new Error(`${fields[":path"]} answered ${status}: ${answer.toString()}`));
      }
    });
    stream.on("error", reject);
    stream.end(body);
  });
}
