import { create, toBinary } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromString, codeToHttpStatus, codeToString } from "@connectrpc/connect/protocol-connect";
import { isErrorMetadata } from "../wire/protocol-headers.ts";

/** Restate's terminal error: an HTTP-like code, a message, and metadata since server 1.6. */
export interface TerminalFailure {
  readonly code: number;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Metadata that carries what Restate's numeric code cannot. Names as Restate's users write them. */
const codeName = "connect-code";
const detailsName = "connect-details";

/** Writes a `ConnectError` as a terminal error that {@link terminalToConnectError} reads back whole. */
export function connectErrorToTerminal(error: ConnectError): TerminalFailure {
  const details = error.details.map((detail) =>
    "desc" in detail
      ? { type: detail.desc.typeName, value: toBinary(detail.desc, create(detail.desc, detail.value)) }
      : { type: detail.type, value: detail.value },
  );
  const written = details.map(({ type, value }) => ({ type, value: base64Encode(value) }));
  return {
    code: codeToHttpStatus(error.code),
    message: error.rawMessage,
    metadata: {
      ...Object.fromEntries([...error.metadata].filter(([name]) => isErrorMetadata(name))),
      [codeName]: codeToString(error.code),
      ...(written.length === 0 ? {} : { [detailsName]: JSON.stringify(written) }),
    },
  };
}

/** Reads a terminal error, ours or any Restate service's. Metadata that fits in headers is kept as such. */
export function terminalToConnectError({ code, message, metadata }: TerminalFailure): ConnectError {
  const { [codeName]: name, [detailsName]: details, ...others } = metadata;
  const error = new ConnectError(message, namedCode(name) ?? numericCode(code, message));
  for (const [key, value] of Object.entries(others)) {
    try {
      error.metadata.append(key, value);
    } catch {
      // Restate allows any text as metadata, HTTP does not: what cannot be a header is left out.
    }
  }
  error.details = readDetails(details);
  return error;
}

function namedCode(name: string | undefined): Code | undefined {
  return name === undefined ? undefined : codeFromString(name);
}

/** 1 to 16 are gRPC codes, as services of Restate 0.x throw them; the rest are HTTP statuses. */
function numericCode(code: number, message: string): Code {
  if (code >= 1 && code <= 16) {
    return code;
  }
  if (code === 409 && /^cancelled$/i.test(message)) {
    return Code.Canceled;
  }
  return codeFromRestateStatus(code);
}

/** The code for an HTTP status as Restate uses it. It means more by a status than a proxy would. */
export function codeFromRestateStatus(status: number): Code {
  switch (status) {
    case 400:
      return Code.InvalidArgument;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.NotFound;
    case 405:
    case 501:
      return Code.Unimplemented;
    case 408:
    case 504:
      return Code.DeadlineExceeded;
    case 409:
      return Code.Aborted;
    case 412:
    case 470: // "the invocation exists but has not completed yet"
      return Code.FailedPrecondition;
    case 413:
    case 429:
      return Code.ResourceExhausted;
    case 499:
      return Code.Canceled;
    case 500:
      return Code.Internal;
    case 502:
    case 503:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}

function readDetails(text: string | undefined): ConnectError["details"] {
  if (text === undefined) {
    return [];
  }
  try {
    const details = JSON.parse(text) as { type: string; value: string }[];
    return details.map(({ type, value }) => ({ type, value: base64Decode(value) }));
  } catch {
    return []; // Not ours, or cut short: the error itself counts more than its details.
  }
}
