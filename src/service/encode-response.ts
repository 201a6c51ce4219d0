import { create, type DescMethod, isMessage, toBinary } from "@bufbuild/protobuf";
import { messageOf } from "../model/error-with-cause.ts";
import { isError } from "../model/is-error.ts";
import { findWrongType, nameOfValue } from "./check-message.ts";

/**
 * Encodes what a handler returned. Missing fields have their defaults; a handler whose response has no fields, such as
 * `google.protobuf.Empty`, may return nothing.
 *
 * @throws Error that names the handler, and the value or field of the wrong type.
 */
export function encodeResponse(method: DescMethod, result: unknown): Uint8Array {
  const { output } = method;
  const fields = result ?? (output.fields.length === 0 ? {} : undefined);
  if (!isFields(fields, method)) {
    throw wrongResult(method, `${nameOfResult(result)}: return the fields of ${output.typeName}`);
  }
  const message = create(output, fields);
  const problem = findWrongType(output, message);
  if (problem !== undefined) {
    throw wrongResult(method, `a wrong ${output.typeName}: ${problem}`);
  }
  try {
    return toBinary(output, message);
  } catch (cause) {
    throw wrongResult(method, `a wrong ${output.typeName}: ${messageOf(cause)}`);
  }
}

/** False for what has no fields, or those of another message. */
function isFields(value: unknown, { output }: DescMethod): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !isError(value) &&
    (!isMessage(value) || isMessage(value, output))
  );
}

function nameOfResult(result: unknown): string {
  if (isError(result)) {
    return "an error, which must be thrown";
  }
  return isMessage(result) ? `a message ${result.$typeName}` : nameOfValue(result);
}

/** The handler has returned: the stack would have frames of this package only. */
function wrongResult({ parent, name }: DescMethod, returned: string): Error {
  const error = new Error(`the handler of ${parent.typeName}/${name} returned ${returned}`);
  error.stack = String(error);
  return error;
}
