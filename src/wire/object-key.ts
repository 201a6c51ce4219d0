import { Code, type ConnectError } from "@connectrpc/connect";
import { errorWithCause } from "../model/error-with-cause.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import type { GetHeader } from "./invocation-headers.ts";

/**
 * The key of the one object that a SINGLETON service is on Restate 1.x. An empty key would be legal there
 * and would not survive proxies that merge the slashes around it.
 */
const singletonKey = "singleton";

/** The object's key as Restate 1.x knows it, for a key as our engines know it ("" for a SINGLETON). */
export function toRestateKey(key: string | undefined): string | undefined {
  return key === "" ? singletonKey : key;
}

/**
 * The headers of a request that name its object; undefined without a key.
 *
 * @throws ConnectError `invalid_argument` when the key has half of a surrogate pair, which no URL can hold.
 */
export function objectKeyHeaders(key: string | undefined): Readonly<Record<string, string>> | undefined {
  if (key === undefined) {
    return undefined;
  }
  try {
    return { [restateHeaders.objectKey]: encodeURIComponent(key) };
  } catch (cause) {
    throw badKey(`the object key ${JSON.stringify(key)} is not well-formed Unicode`, cause);
  }
}

/**
 * Reads what {@link objectKeyHeaders} wrote.
 *
 * @throws ConnectError `invalid_argument` when it is not percent-encoded.
 */
export function readObjectKey(get: GetHeader): string | undefined {
  const value = get(restateHeaders.objectKey);
  if (value === null || value === undefined) {
    return undefined;
  }
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw badKey(`header ${restateHeaders.objectKey} is ${JSON.stringify(value)}: percent-encode it`, cause);
  }
}

function badKey(message: string, cause: unknown): ConnectError {
  return errorWithCause(message, Code.InvalidArgument, cause);
}
