import { extname } from "node:path";
import { type HttpServer, httpServer } from "../support/http-server.ts";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Serves files from memory, `/index.html` for `/`, with any query. */
export function site(files: ReadonlyMap<string, string>): Promise<HttpServer> {
  return httpServer((request, response) => {
    const path = (request.url ?? "").replace(/\?.*$/, "").replace(/^\/$/, "/index.html");
    const body = files.get(path);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": types[extname(path)] ?? "text/plain",
    });
    response.end(body);
  });
}
