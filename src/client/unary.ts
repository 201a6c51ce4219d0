import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { restateHeaders } from "../model/restate-headers.ts";
import type { CallOptions } from "./options.ts";

/** A response with its headers: what `onHeader` and `onTrailer` saw too. */
export interface UnaryResult<O> {
  readonly message: O;
  readonly header: Headers;
}

/** Makes one unary call: Connect's options, plus the idempotency key as a header. */
export async function unary<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
  options: CallOptions | undefined,
  extraHeaders?: Readonly<Record<string, string>>,
): Promise<UnaryResult<MessageShape<O>>> {
  const response = await transport.unary(
    method,
    options?.signal,
    options?.timeoutMs,
    requestHeaders(options, extraHeaders),
    input,
    options?.contextValues,
  );
  options?.onHeader?.(response.header);
  options?.onTrailer?.(response.trailer);
  return response;
}

function requestHeaders(
  options: CallOptions | undefined,
  extraHeaders: Readonly<Record<string, string>> | undefined,
): HeadersInit | undefined {
  if (options?.idempotencyKey === undefined && extraHeaders === undefined) {
    return options?.headers;
  }
  const headers = new Headers(options?.headers);
  if (options?.idempotencyKey !== undefined) {
    headers.set(restateHeaders.idempotencyKey, checkedIdempotencyKey(options.idempotencyKey));
  }
  for (const [name, value] of Object.entries(extraHeaders ?? {})) {
    headers.set(name, value);
  }
  return headers;
}

/** The key, or a `ConnectError` that says why it cannot be one. */
export function checkedIdempotencyKey(key: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(key)) {
    return key;
  }
  throw new ConnectError(
    `idempotencyKey ${JSON.stringify(key)} cannot travel as a header: use printable ASCII, not empty, no space at either end`,
    Code.InvalidArgument,
  );
}
