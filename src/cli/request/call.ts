import { toJson } from "@bufbuild/protobuf";
import { unary } from "../../client/unary.ts";
import { connected, reflectingServer } from "../connection.ts";
import { findMethod } from "./find-method.ts";
import { printMessage } from "./print-message.ts";
import { type RequestArguments, readRequest } from "./read-request.ts";

/** The options of `restate-connect call`. */
export interface CallOptions extends Omit<RequestArguments, "request"> {
  readonly url: string;
  readonly idempotencyKey?: string | undefined;
  /** ms. */
  readonly timeout?: number | undefined;
  readonly json?: true | undefined;
}

/**
 * Calls a method and prints its response as JSON.
 *
 * @throws UsageError when the request is not valid or the server answers with an error.
 */
export async function call(path: string, request: string, options: CallOptions): Promise<void> {
  const { url, idempotencyKey, timeout: timeoutMs } = options;
  const { method, registry, message } = await connected(url, reflectingServer, async (transport) => {
    const found = await findMethod(url, path);
    const { message: input, headers } = await readRequest(found.method, found.registry, {
      ...options,
      request,
    });
    const response = await unary(
      transport,
      found.method,
      input,
      {
        idempotencyKey,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      headers,
    );
    return { ...found, message: response.message };
  });
  printMessage(toJson(method.output, message, { registry, alwaysEmitImplicit: true }), options.json);
}
