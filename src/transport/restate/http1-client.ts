import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { HttpClient, HttpResponse } from "./http.ts";
import { lostConnection } from "./lost-connection.ts";

/** An {@link HttpClient} on HTTP/1.1: kept-alive connections, one for each request in flight. */
export function http1Client(baseUrl: string, nodeOptions: RequestOptions = {}): HttpClient {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const isTls = protocol === "https:";
  const send = isTls ? httpsRequest : httpRequest;
  const server = {
    // An IPv6 address stands in brackets in a URL, and without them in a socket's options.
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    agent: isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
    ...nodeOptions,
  };
  const prefix = pathname === "/" ? "" : pathname;
  return ({ method, path, header, body, signal }) =>
    new Promise((resolve, reject) => {
      const request = send(
        {
          ...server,
          method,
          path: prefix + path,
          headers: Object.fromEntries(header),
          ...(signal === undefined ? {} : { signal }),
        },
        (response) => readResponse(response).then(resolve, (reason) => reject(lostConnection(reason))),
      );
      request.on("error", (reason) => reject(lostConnection(reason)));
      request.end(body);
    });
}

async function readResponse(message: IncomingMessage): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) {
    chunks.push(chunk);
  }
  const header = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) {
      header.append(name, value);
    }
  }
  return { status: message.statusCode ?? 0, header, body: joined(chunks) };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = chunks;
  return only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
}
