import { connect } from "node:http2";
import type { Http1Connection, Response } from "./http1-connection.ts";
import type { Request } from "./requests.ts";

/** One HTTP/2 connection, with the same manners. All requests of an exchange are in flight at once. */
export async function http2Connection(url: string): Promise<Http1Connection> {
  const session = connect(url);
  let isOpen = true;
  session
    .on("error", () => {})
    .on("close", () => {
      isOpen = false;
    });
  await new Promise((resolve, reject) => session.once("connect", resolve).once("error", reject));

  function ask({ method, path, headers, body }: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      const stream = session.request({ ":method": method, ":path": path, ...headers });
      const parts: string[] = [];
      let status = 0;
      const timer = setTimeout(() => reject(new Error("the ingress gave no answer in 30 s")), 30_000);
      stream
        .setEncoding("utf8")
        .on("response", (got) => {
          status = Number(got[":status"]);
          parts.push(JSON.stringify(got));
        })
        .on("trailers", (got) => parts.push(JSON.stringify(got)))
        .on("data", (chunk: string) => parts.push(chunk))
        // A reset after the answer is the server's way to say that it reads no further.
        .on("error", () => {})
        .on("close", () => {
          clearTimeout(timer);
          resolve({ status, text: parts.join("\n"), closes: false });
        });
      stream.end(body);
    });
  }
  return {
    get isOpen() {
      return isOpen;
    },
    exchange: (requests) => Promise.all(requests.map(ask)),
    close: () => session.destroy(),
  };
}
