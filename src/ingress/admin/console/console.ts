import type { HeaderList } from "../../../model/outcome.ts";
import type { HttpRequest, HttpResponse } from "../../http/exchange.ts";
import { headerOf } from "../../http/headers.ts";
import { requestTarget } from "../../http/request-target.ts";
import { type ConsoleFile, readConsoleFiles } from "./files.ts";
import { ingressUrlFor } from "./ingress-url.ts";
import { securityHeaders } from "./security-headers.ts";

const notBuilt =
  "The console is not built. Run `npm run build:console` in the repository of restate-connect.\n";

/**
 * Serves the console: its page at `/`, its other files below `/console/`. Undefined for every other request. The
 * files are read when a browser asks for the first of them.
 */
export function consoleFiles(
  ingressUrl: string,
): (request: HttpRequest) => Promise<HttpResponse | undefined> {
  let files: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;

  async function load(): Promise<ReadonlyMap<string, ConsoleFile>> {
    files ??= readConsoleFiles();
    try {
      return await files;
    } catch {
      files = undefined; // it may be built before the next request
      return new Map();
    }
  }

  return async ({ method, url = "", headers }) => {
    const { path } = requestTarget(url);
    const isPage = path === "/";
    if ((method !== "GET" && method !== "HEAD") || !(isPage || path.startsWith("/console/"))) {
      return undefined;
    }
    const file = (await load()).get(isPage ? "/index.html" : path);
    const host = headerOf(headers, ":authority") ?? headerOf(headers, "host");
    const page = URL.parse(`http://${host}`)?.hostname ?? "localhost";
    const security = securityHeaders(ingressUrlFor(ingressUrl, page));
    if (file === undefined) {
      const text = Buffer.from(isPage ? notBuilt : "The console has no such file.\n");
      return answer(isPage ? 503 : 404, text, [["content-type", "text/plain; charset=utf-8"], ...security]);
    }
    const takesGzip = /\bgzip\b/.test(headerOf(headers, "accept-encoding") ?? "");
    return answer(200, takesGzip ? file.gzipped : file.bytes, [
      ["content-type", file.contentType],
      // The names of the files below /console/ change with their contents.
      ["cache-control", isPage ? "no-cache" : "public, max-age=31536000, immutable"],
      ["vary", "accept-encoding"],
      ...(takesGzip ? ([["content-encoding", "gzip"]] as const) : []),
      ...security,
    ]);
  };
}

function answer(status: number, body: Uint8Array, headers: HeaderList): HttpResponse {
  return { status, headers: [...headers, ["content-length", String(body.byteLength)]], body };
}
