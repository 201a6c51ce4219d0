import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { idempotencyOf } from "../ingress/idempotency.ts";
import { headerList, headersFrom } from "../model/failure.ts";
import { targetOf } from "../model/target.ts";
import { readObjectKey } from "../wire/object-key.ts";
import { isRequestMetadata } from "../wire/protocol-headers.ts";
import type { Call } from "./record.ts";

/**
 * Reads from a request what it calls.
 *
 * @throws ConnectError `invalid_argument` as an ingress does: for a key that is missing, or an idempotency key that
 *   cannot be one
 */
export function readCall(method: DescMethodUnary, message: Message, header: Headers): Call {
  const get = (name: string): string | null => header.get(name);
  return {
    method,
    key: targetOf(method, message, readObjectKey(get)).key,
    message,
    idempotencyKey: idempotencyOf(method, get, undefined)?.key,
    headers: headersFrom(headerList(header).filter(([name]) => isRequestMetadata(name))),
  };
}
