/** Digits in ascending order of value, as Restate's ids have them. */
const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

const digitCodes = Buffer.from(digits, "latin1");
const digitValues: ReadonlyMap<string, number> = new Map([...digits].map((digit, value) => [digit, value]));

/** Four digits are split off at a time: a remainder with the next 16 bits of the number fits a double exactly. */
const chunkDigits = 4;
const chunk = 62 ** chunkDigits;

/** A number of up to 128 bits while it is divided, 16 bits each, the lowest first. */
const limbs = new Uint16Array(8);

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
  const count = (end - start) / 2;
  for (let i = 0; i < count; i++) {
    limbs[i] = (bytes[start + 2 * i] ?? 0) | ((bytes[start + 2 * i + 1] ?? 0) << 8);
  }
  for (let place = at + width - 1; place >= at; ) {
    let rest = 0;
    for (let i = count - 1; i >= 0; i--) {
      const part = rest * 65_536 + (limbs[i] ?? 0);
      const quotient = Math.floor(part / chunk);
      limbs[i] = quotient;
      rest = part - quotient * chunk;
    }
    for (let i = 0; i < chunkDigits && place >= at; i++) {
      target[place] = digitCodes[rest % 62] ?? 0;
      rest = Math.floor(rest / 62);
      place -= 1;
    }
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
