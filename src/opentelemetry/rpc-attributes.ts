import { Code } from "@connectrpc/connect";
import { type Attributes, type Span, SpanStatusCode } from "@opentelemetry/api";

/** The value of `rpc.system.name`. gRPC-web is gRPC to OpenTelemetry. */
type RpcSystem = "connectrpc" | "grpc";

/** The attributes of an RPC that its span begins with, by OpenTelemetry's semantic conventions for RPC. */
export function rpcAttributes(system: RpcSystem, method: string, url: string): Attributes {
  return { "rpc.system.name": system, "rpc.method": method, ...serverAttributes(url) };
}

/** The host and port of a URL. None of a URL that cannot be read. */
function serverAttributes(text: string): Attributes {
  if (!URL.canParse(text)) {
    return {};
  }
  const url = new URL(text);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname.replace(/^\[|\]$/g, ""), "server.port": port };
}

/** The codes that are a failure of the server, rather than of its caller. */
const serverFailures: ReadonlySet<Code> = /*@__PURE__*/ new Set([
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.Unimplemented,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
]);

/** Whether a server's span has failed. A client's has, with any code. */
export function isServerFailure(code: Code): boolean {
  return serverFailures.has(code);
}

/**
 * Sets the status of an RPC's span. The message of an error is left out: it may quote keys and requests.
 */
export function setRpcStatus(
  span: Span,
  system: RpcSystem,
  code: Code | undefined,
  isFailure: boolean,
): void {
  if (code !== undefined) {
    const name = codeName(system, code);
    span.setAttribute("rpc.status_code", name);
    if (isFailure) {
      span.setAttribute("error.type", name);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  } else if (system === "grpc") {
    // Connect has no code of success.
    span.setAttribute("rpc.status_code", "OK");
  }
}

/** `invalid_argument` for Connect, `INVALID_ARGUMENT` for gRPC. */
function codeName(system: RpcSystem, code: Code): string {
  const name = (Code[code] ?? String(code)).replace(/(?!^)[A-Z]/g, "_$&");
  if (system === "connectrpc") {
    return name.toLowerCase();
  }
  return code === Code.Canceled ? "CANCELLED" : name.toUpperCase();
}
