import type { Interceptor } from "@connectrpc/connect";
import type { CommonTransportOptions } from "./options.ts";

/** The interceptors of a transport, with retries outermost: the caller's interceptors see each attempt. */
export async function loadInterceptors({
  interceptors = [],
  retry = false,
}: CommonTransportOptions): Promise<readonly Interceptor[]> {
  if (retry === false) {
    return interceptors;
  }
  const { retry: retrying } = await import("../client/retry.ts");
  return [retrying(retry === true ? {} : retry), ...interceptors];
}
