import type { Endpoint } from "../../endpoint/index.ts";
import type { Service } from "../../service/service.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Makes an endpoint for a Restate server, with the SDK that only this needs.
 *
 * @throws UsageError when the SDK is not installed.
 */
export async function loadEndpoint(services: readonly Service[]): Promise<Endpoint> {
  const { createEndpoint } = await import("../../endpoint/index.ts").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
      throw new UsageError("--as-endpoint needs Restate's SDK: npm install @restatedev/restate-sdk", {
        cause,
      });
    }
    throw cause;
  });
  return createEndpoint({ services });
}

/** What to tell whoever started an endpoint. */
export function endpointBanner(url: string, services: readonly Service[]): string {
  return `endpoint  ${url}   for a Restate server, over HTTP/2
services  ${services.map(({ desc }) => desc.typeName).join("\n          ")}

Make it known to the server, here the one on this machine:
  restate-connect register http://localhost:9070 --endpoint ${url}

Ctrl-C stops it.
`;
}
