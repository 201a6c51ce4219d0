import { randomUUID } from "node:crypto";
import type { JsonValue } from "@bufbuild/protobuf";

/** Stands before an integer that is to stay exact. Nobody can guess it, and so no text of others has it. */
const mark = randomUUID();

/** More digits than any double has. */
const maxDigits = 309;

/**
 * Parses JSON without rounding: an integer that a double cannot hold becomes a `bigint`. Protobuf takes that
 * for a 64-bit field, and refuses it for a `double` or a `google.protobuf.Value`, which cannot hold it
 * either. Rounding it silently would make another number of, say, the id of an account.
 *
 * A reviver would do it too, and takes a microsecond for each value of the text.
 */
export function parseExactJson(text: string): JsonValue {
  const value = mayBeInexact.test(text) ? parseExactly(text) : JSON.parse(text); // shorter integers are exact
  if (mayBeInfinite.test(text)) {
    refuseInfinite(value);
  }
  return value;
}

const mayBeInexact = /\d{16}/;

/** A number such as `1e400`, which JSON.parse takes for Infinity, has an exponent or more digits than any double. */
const mayBeInfinite = new RegExp(`[eE]\\+?\\d{3}|\\d{${maxDigits}}`);

function parseExactly(text: string): JsonValue {
  const marked = markIntegers(text);
  const value: unknown = JSON.parse(marked ?? text);
  return (marked === undefined ? value : unmark(value)) as JsonValue;
}

/** @throws RangeError for a number that no double can hold. JSON has none, but as text. */
function refuseInfinite(root: unknown): void {
  visit(root, (value) => {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw new RangeError("a number is infinite, larger than any of Protobuf");
    }
    return value;
  });
}

/** Puts integers that a double cannot hold into marked strings. Undefined when there is none. */
function markIntegers(text: string): string | undefined {
  const pieces: string[] = [];
  let done = 0;
  // The start of a string, or an integer where a value may be: text that is not JSON must not become JSON. The end
  // of a string is found by hand, because a regular expression would run out of stack for a long string.
  const token = /"|(?<![\d.eE+-])-?[1-9]\d{15,}(?=\s*(?:[,\]}]|$))/g;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [source] = found;
    if (source === '"') {
      token.lastIndex = afterString(text, found.index);
    } else if (!isExact(source)) {
      pieces.push(text.slice(done, found.index), `"${mark}${source}"`);
      done = found.index + source.length;
    }
  }
  return pieces.length === 0 ? undefined : [...pieces, text.slice(done)].join("");
}

function afterString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === "\\") {
    backslashes += 1;
  }
  return backslashes % 2 === 1;
}

function isExact(integer: string): boolean {
  if (integer.length > maxDigits) {
    throw new RangeError(`${integer.slice(0, 20)}... is larger than any number of Protobuf`);
  }
  return BigInt(Number(integer)) === BigInt(integer);
}

/** Makes integers of marked strings. */
function unmark(root: unknown): unknown {
  return visit(root, (value) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** Replaces each number, string and so on inside of a value. Without recursion: text can nest deeper than the stack. */
function visit(root: unknown, replace: (value: unknown) => unknown): unknown {
  const holder = [root];
  const pending: object[] = [holder];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    const values = parent as Record<string | number, unknown>;
    const keys = Array.isArray(parent) ? parent.keys() : Object.keys(parent);
    for (const key of keys) {
      const value = values[key];
      if (typeof value === "object" && value !== null) {
        pending.push(value);
      } else {
        const replaced = replace(value);
        if (replaced !== value) {
          values[key] = replaced;
        }
      }
    }
  }
  return holder[0];
}
