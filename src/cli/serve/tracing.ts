import type { Logger } from "../../model/logger.ts";
import type { Tracing } from "../../model/tracing.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Makes the spans of `serve --tracing`. Loads the API of OpenTelemetry, which nothing else needs.
 *
 * @throws UsageError if the API is not installed.
 */
export async function loadTracing(logger: Logger): Promise<Tracing> {
  const { isSdkRegistered, serverTracing } = await import("../../opentelemetry/server-tracing.ts").catch(
    (cause: unknown) => {
      if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
        throw new UsageError("--tracing needs the API of OpenTelemetry: npm install @opentelemetry/api", {
          cause,
        });
      }
      throw cause;
    },
  );
  if (!isSdkRegistered()) {
    logger.warn(
      "--tracing has no effect: no OpenTelemetry SDK is registered. Set one up in a module that Node loads first: " +
        "NODE_OPTIONS='--import ./instrumentation.js'",
    );
  }
  return serverTracing();
}
