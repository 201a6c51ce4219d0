import { Code, ConnectError } from "@connectrpc/connect";
import { explainResponse } from "../http/explain-response.ts";
import type { HttpRequest, HttpResponse } from "../http/http.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { contentTypes } from "../wire/content-types.ts";
import { mediaType } from "../wire/media-type.ts";
import { isErrorMetadata } from "../wire/protocol-headers.ts";
import { codeFromRestateStatus, terminalToConnectError } from "./terminal-error.ts";

/** Restate's error body. */
interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Since server 1.7.4, as the header too. */
  readonly source?: string;
}

/**
 * The error that a response of Restate's ingress is, or undefined for a success. Its metadata has the
 * response's headers, what the service gave as metadata, and where it is known
 * `x-restate-error-source` and `x-restate-error-code` (the numeric code).
 *
 * @param namesInvocation true where a success of Restate names an invocation in its headers: another response is not
 *   from Restate
 */
export function responseError(
  url: string,
  request: HttpRequest,
  response: HttpResponse,
  namesInvocation: boolean,
): ConnectError | undefined {
  const { status } = response;
  const isSuccess = status >= 200 && status < 300;
  const isUnmarked = isSuccess && response.get(restateHeaders.errorSource) === undefined;
  if (isUnmarked && response.get(restateHeaders.invocationId) !== undefined) {
    return undefined;
  }
  const parsed = parseErrorBody(response);
  const isPage = response.get("content-type")?.startsWith("text/html") === true;
  const mustName = namesInvocation && !response.hidesHeaders;
  if (isUnmarked && !isMarked(parsed) && !isPage && !mustName) {
    return undefined;
  }
  const error =
    parsed === undefined
      ? unparsedError(url, request, response)
      : terminalToConnectError({ ...parsed, metadata: parsed.metadata ?? {} });
  for (const [name, value] of response.header) {
    const isRestates = /^(x-restate|idempotency)-/.test(name);
    if (isRestates || (isErrorMetadata(name) && !error.metadata.has(name))) {
      error.metadata.set(name, value);
    }
  }
  const source = response.get(restateHeaders.errorSource) ?? parsed?.source;
  if (source !== undefined) {
    error.metadata.set(restateHeaders.errorSource, source);
  }
  error.metadata.set(restateHeaders.errorCode, String(parsed?.code ?? status));
  return error;
}

/** Restate answers an attach to an unknown invocation as if that had failed itself, with just these words. */
export function isUnknownInvocation(reason: unknown): boolean {
  const { code, rawMessage } = ConnectError.from(reason);
  return code === Code.NotFound && rawMessage === "not found";
}

/** Restate's response to a request for the output of an invocation that has not ended. */
export function isNotReady(reason: unknown): boolean {
  const { metadata } = ConnectError.from(reason);
  return (
    metadata.get(restateHeaders.errorCode) === "470" &&
    metadata.get(restateHeaders.errorSource) !== "invocation"
  );
}

/**
 * A terminal error may have the code 200, and is then a success by its status. Browsers do not see the
 * header that tells, for Restate exposes none; the body's `source` tells too.
 */
function isMarked(body: ErrorBody | undefined): boolean {
  return body?.source === "invocation" || body?.source === "ingress";
}

const errorMembers: ReadonlySet<string> = new Set(["code", "message", "metadata", "source", "stacktrace"]);

function parseErrorBody(response: HttpResponse): ErrorBody | undefined {
  if (!response.get("content-type")?.startsWith("application/json")) {
    return undefined;
  }
  try {
    const value = JSON.parse(new TextDecoder().decode(response.body)) as Partial<ErrorBody>;
    return typeof value.code === "number" &&
      typeof value.message === "string" &&
      Object.keys(value).every((name) => errorMembers.has(name))
      ? { ...value, code: value.code, message: value.message }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Restate answers some errors in plain text (413); anything else comes from something else than Restate. */
function unparsedError(url: string, request: HttpRequest, response: HttpResponse): ConnectError {
  const { status, body } = response;
  const isText = response.get("content-type")?.startsWith("text/plain") === true;
  if (isText && body.byteLength > 0 && status >= 400 && status !== 404) {
    return new ConnectError(
      new TextDecoder().decode(body.subarray(0, 1_000)).trim(),
      codeFromRestateStatus(status),
    );
  }
  return notRestate(url, request, response);
}

/** The error for an answer that Restate does not give. */
export function notRestate(url: string, { body }: HttpRequest, response: HttpResponse): ConnectError {
  const isJson = mediaType(response.get("content-type")) === contentTypes.json;
  const text = isJson ? new TextDecoder().decode(response.body.subarray(0, 1_000)) : "";
  return explainResponse(url, body?.contentType, response, text, "a Restate server");
}
