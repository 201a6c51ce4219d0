/** Digits in ascending order of value, as Restate's ids have them. */
const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

const digitCodes = Buffer.from(digits, "latin1");
const digitValues: ReadonlyMap<string, number> = new Map([...digits].map((digit, value) => [digit, value]));

/** Four digits are split off at a time: a remainder with the next 24 bits of the number fits a double exactly. */
const chunkDigits = 4;
const chunk = 62 ** chunkDigits;
const pair = 62 ** 2;

/** The codes of two digits by their value, the first digit in the lower byte. */
const pairCodes = Uint16Array.from(
  { length: pair },
  (_, value) => (digitCodes[Math.floor(value / 62)] ?? 0) | ((digitCodes[value % 62] ?? 0) << 8),
);

/** A number of up to 128 bits while it is divided, 24 bits each, the lowest first. */
const limbs = new Float64Array(6);

/**
 * Writes the number in `bytes` from `start` to `end`, the lowest byte first and at most 16 of them, in base 62 to
 * `width` places of `target` from `at`, padded on the left with `0`. Nearly every response has an id: this makes no
 * BigInt and no view, which would cost more than the rest of the id.
 */
export function writeBase62(
  target: Uint8Array,
  at: number,
  width: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let count = readLimbs(bytes, start, end);
  for (let place = at + width; place > at; place -= chunkDigits) {
    const rest = divide(count);
    while (count > 0 && limbs[count - 1] === 0) {
      count -= 1;
    }
    const high = Math.floor(rest / pair);
    writePair(target, at, place - 2, pairCodes[rest - high * pair] ?? 0);
    writePair(target, at, place - 4, pairCodes[high] ?? 0);
  }
}

/** Returns how many limbs there are. */
function readLimbs(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i += 3) {
    const second = i + 1 < end ? (bytes[i + 1] ?? 0) : 0;
    const third = i + 2 < end ? (bytes[i + 2] ?? 0) : 0;
    limbs[count] = (bytes[i] ?? 0) | (second << 8) | (third << 16);
    count += 1;
  }
  return count;
}

/** Divides the number by `chunk` in place. Returns the remainder. */
function divide(count: number): number {
  let rest = 0;
  for (let i = count - 1; i >= 0; i -= 1) {
    const part = rest * 2 ** 24 + (limbs[i] ?? 0);
    const quotient = Math.floor(part / chunk);
    limbs[i] = quotient;
    rest = part - quotient * chunk;
  }
  return rest;
}

/** Writes two digits from `place` on, but none before `at`. */
function writePair(target: Uint8Array, at: number, place: number, codes: number): void {
  if (place >= at) {
    target[place] = codes & 255;
  }
  if (place + 1 >= at) {
    target[place + 1] = codes >> 8;
  }
}

/** So many digits fit a double exactly. */
const readDigits = 7;

/** Reads a number in base 62; undefined if a character is not a digit or the number needs more than `bits`. */
export function decodeBase62(text: string, bits: number): bigint | undefined {
  let value = 0n;
  for (let start = 0; start < text.length; start += readDigits) {
    const part = text.slice(start, start + readDigits);
    let number = 0;
    for (const char of part) {
      number = number * 62 + (digitValues.get(char) ?? Number.NaN);
    }
    if (Number.isNaN(number)) {
      return undefined;
    }
    value = value * 62n ** BigInt(part.length) + BigInt(number);
  }
  return value >> BigInt(bits) === 0n ? value : undefined;
}
