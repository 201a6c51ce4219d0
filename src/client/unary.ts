import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { restateHeaders } from "../model/restate-headers.ts";
import { type HeaderRecord, mergeHeaders } from "../wire/caller-headers.ts";
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
  extraHeaders?: HeaderRecord,
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

/** The caller's headers, the idempotency key and ours. As the caller gave them where there is nothing to add. */
function requestHeaders(
  options: CallOptions | undefined,
  extraHeaders: HeaderRecord | undefined,
): HeadersInit | undefined {
  if (options?.idempotencyKey === undefined) {
    return extraHeaders === undefined ? options?.headers : mergeHeaders(options?.headers, extraHeaders);
  }
  const key = { [restateHeaders.idempotencyKey]: checkedIdempotencyKey(options.idempotencyKey) };
  return mergeHeaders(options.headers, { ...key, ...extraHeaders });
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
