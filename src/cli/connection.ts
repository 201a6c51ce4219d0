import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createTransport } from "../transport/node.ts";
import { UsageError } from "./usage-error.ts";

/** What a command talks to, for a server that turns out to be another. */
export interface Counterpart {
  /** Codes of answers that another server may well give. */
  readonly doubtful: readonly Code[];
  /** What the server should be, and where it is unless told otherwise. */
  readonly hint: string;
}

/**
 * Runs something against a server. What the server answers with an error, or that it does not answer, is
 * for the user to mend.
 */
export async function connected<T>(
  baseUrl: string,
  { doubtful, hint }: Counterpart,
  use: (transport: Transport) => Promise<T>,
): Promise<T> {
  try {
    return await use(createTransport({ baseUrl, defaultTimeoutMs: 30_000 }));
  } catch (reason) {
    if (reason instanceof ConnectError) {
      const message =
        reason.code === Code.Unavailable ? reason.rawMessage : `${baseUrl} answered ${reason.message}`;
      throw new UsageError(doubtful.includes(reason.code) ? `${message} (${hint})` : message, {
        cause: reason,
      });
    }
    if (reason instanceof Error && reason.message.startsWith("createTransport:")) {
      throw new UsageError(reason.message.replace("createTransport: baseUrl", "the URL"), { cause: reason });
    }
    throw reason;
  }
}
