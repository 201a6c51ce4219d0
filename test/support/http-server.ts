import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A plain HTTP/1.1 server on a free port of the loopback. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
}

export async function httpServer(listener: RequestListener): Promise<HttpServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
