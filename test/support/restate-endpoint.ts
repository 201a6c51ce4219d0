import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { createEndpointHandler, type EndpointOptions } from "@restatedev/restate-sdk";

/** A server of services that Restate's own SDK made: what we meet when the other side is not ours. */
export interface SdkEndpoint extends AsyncDisposable {
  readonly url: string;
}

export async function sdkEndpoint(services: EndpointOptions["services"]): Promise<SdkEndpoint> {
  const server = createServer(createEndpointHandler({ services, logger: () => {} }));
  const close: (() => void)[] = [];
  server.on("session", (session) => close.push(() => session.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const end of close) {
        end();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
