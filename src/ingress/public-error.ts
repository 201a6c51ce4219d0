import { Code, ConnectError } from "@connectrpc/connect";
import type { LogFields, Logger } from "../model/logger.ts";
import { ingressError } from "./error-source.ts";
import { legalError } from "./legal-metadata.ts";

/** A `ConnectError` is meant for the caller. Any other error is a fault of the server: its log gets it, with these fields. */
export function publicError(reason: unknown, logger: Logger, fields: LogFields = {}): ConnectError {
  if (reason instanceof ConnectError) {
    return legalError(ingressError(reason), logger);
  }
  logger.error("a request failed with an internal error", { ...fields, error: reason });
  return ingressError(new ConnectError("internal error", Code.Internal));
}
