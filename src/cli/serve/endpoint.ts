import type { Endpoint, EndpointOptions } from "../../endpoint/index.ts";
import type { Service } from "../../service/service.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Creates an endpoint for a Restate server. Loads Restate's SDK, which nothing else needs.
 *
 * @throws UsageError if the SDK is not installed.
 */
export async function loadEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { createEndpoint } = await import("../../endpoint/index.ts").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
      throw new UsageError("--as-endpoint needs Restate's SDK: npm install @restatedev/restate-sdk", {
        cause,
      });
    }
    throw cause;
  });
  return createEndpoint(options);
}

/** Returns the text that `serve --as-endpoint` prints at its start. */
export function endpointBanner(url: string, services: readonly Service[]): string {
  return `endpoint  ${url}   for a Restate server, over HTTP/2
services  ${services.map(({ desc }) => desc.typeName).join("\n          ")}

Register it with the Restate server on this machine:
  restate-connect register http://localhost:9070 --endpoint ${url}

Press Ctrl-C to stop.
`;
}
