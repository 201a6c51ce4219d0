import { base64Decode } from "@bufbuild/protobuf/wire";
import type { Code, ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus, codeFromName } from "./codes.ts";
import { type ReceivedDetail, receivedError } from "./received-error.ts";

/** The body of an error of the Connect protocol, before it is checked. */
interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

/**
 * Reads the body of an error of the Connect protocol: JSON with a `code` that is text. Clients must accept an
 * error without a code, but where the status alone says that there is no such service, a `message` is more likely
 * that of another API. What the protocol does not allow is left out: the code counts.
 *
 * @returns undefined when the body is not such an error
 */
export function readConnectError(status: number, body: string, metadata: Headers): ConnectError | undefined {
  const value = parse(body);
  const isLenient =
    typeof value?.message === "string" && (value.code ?? null) === null && ![404, 405, 415].includes(status);
  if (value === undefined || (typeof value.code !== "string" && !isLenient)) {
    return undefined;
  }
  const code = codeIn(value) ?? codeFromHttpStatus(status);
  const message = typeof value.message === "string" ? value.message : "";
  return receivedError(message, code, metadata, detailsIn(value));
}

function parse(body: string): ErrorBody | undefined {
  try {
    const value = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Restate 0.x spells `canceled` with two l's. */
function codeIn({ code }: ErrorBody): Code | undefined {
  return typeof code === "string" ? codeFromName(code === "cancelled" ? "canceled" : code) : undefined;
}

function detailsIn({ details }: ErrorBody): readonly ReceivedDetail[] {
  return Array.isArray(details) ? details.flatMap(readDetail) : [];
}

function readDetail(detail: unknown): ReceivedDetail[] {
  const { type, value } = (detail ?? {}) as Partial<Readonly<Record<string, unknown>>>;
  if (typeof type !== "string" || typeof value !== "string") {
    return [];
  }
  try {
    return [{ ...(detail as object), type, value: base64Decode(value) }];
  } catch {
    return [];
  }
}
