import type { HttpClient } from "../http/http.ts";
import { http1Client } from "../http/http1-client.ts";
import type { Http2SessionOptions } from "../http/http2-options.ts";
import type { Http2Options, NodeProtocolOptions } from "./node-options.ts";

/** The HTTP client that the options ask for. HTTP/2 is loaded for it. */
export async function nodeHttpClient(
  baseUrl: string,
  options: NodeProtocolOptions,
  http2: "always" | "when asked for",
  pings: Http2SessionOptions = {},
): Promise<HttpClient> {
  if (http2 === "when asked for" && options.httpVersion !== "2") {
    return http1Client(baseUrl, options.nodeOptions);
  }
  const { session, nodeOptions } = options as Partial<Http2Options>;
  const { http2Client } = await import("../http/http2-client.ts");
  return http2Client(baseUrl, { ...pings, ...session }, nodeOptions);
}
