import { encodeSameHeaders } from "./http2-frames.ts";
import type { RawHttp } from "./raw-http1.ts";
import { openHttp2Connection } from "./raw-http2-connection.ts";

/** The same as `openRawHttp1`, over HTTP/2: requests take turns on so many connections. */
export function openRawHttp2(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  connections: number,
): RawHttp {
  const { hostname, port, pathname, host } = new URL(url);
  const pseudo = { ":method": "POST", ":scheme": "http", ":path": pathname, ":authority": host };
  const blocks = encodeSameHeaders(Object.entries({ ...pseudo, ...headers }));
  const all = Array.from({ length: connections }, () =>
    openHttp2Connection({ host: hostname, port: Number(port) }, blocks, body),
  );
  let turn = 0;
  return {
    request: () => {
      turn = (turn + 1) % all.length;
      return all[turn]?.request() ?? Promise.reject(new Error("connections must be at least 1"));
    },
    close: () => {
      for (const connection of all) {
        connection.close();
      }
    },
  };
}
