import { type HooksProvider, internal } from "@restatedev/restate-sdk";
import type { Tracing } from "../model/tracing.ts";
import { fromSdkError } from "./sdk-error.ts";

/** A hook of the SDK that runs each attempt of a service in a span. */
export function attemptHook(service: string, tracing: Tracing): HooksProvider {
  return ({ request: { id, target, headers, attemptHeaders } }) => ({
    interceptor: {
      handler: async (next) => {
        const attempt = {
          method: `${service}/${target.handler}`,
          invocationId: id,
          number: undefined,
          header: (name: string) => headers.get(name),
          engineHeader(name: string) {
            const value = attemptHeaders.get(name);
            return typeof value === "object" ? value.join(",") : value;
          },
          failureOf: (reason: unknown) =>
            internal.isSuspendedError(reason) ? undefined : fromSdkError(reason),
        };
        await tracing.runAttempt(attempt, next);
      },
    },
  });
}
