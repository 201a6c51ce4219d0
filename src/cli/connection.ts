import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createTransport } from "../transport/node.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs something against a server. What the server answers with an error, or that it does not answer, is
 * for the user to mend.
 */
export async function connected<T>(baseUrl: string, use: (transport: Transport) => Promise<T>): Promise<T> {
  try {
    return await use(createTransport({ baseUrl, defaultTimeoutMs: 30_000 }));
  } catch (reason) {
    if (reason instanceof ConnectError) {
      throw new UsageError(
        reason.code === Code.Unavailable ? reason.rawMessage : `${baseUrl} answered ${reason.message}`,
        { cause: reason },
      );
    }
    if (reason instanceof Error && reason.message.startsWith("createTransport:")) {
      throw new UsageError(reason.message.replace("createTransport: baseUrl", "the URL"), { cause: reason });
    }
    throw reason;
  }
}
