/** Digits in ascending order of value, as Restate's ids have them. */
const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Seven digits fit a double exactly: long division is done in BigInt only once for so many. */
const chunkDigits = 7;
const chunk = 62n ** BigInt(chunkDigits);

const digitValues: ReadonlyMap<string, number> = new Map([...digits].map((digit, value) => [digit, value]));

/** Writes a number in base 62, padded on the left with `0` to `width` digits. */
export function encodeBase62(value: bigint, width: number): string {
  let rest = value;
  let text = "";
  while (text.length < width) {
    let part = Number(rest % chunk);
    rest /= chunk;
    for (let i = 0; i < chunkDigits && text.length < width; i++) {
      text = digits.charAt(part % 62) + text;
      part = Math.floor(part / 62);
    }
  }
  return text;
}

/** Reads a number in base 62; undefined if a character is not a digit or the number needs more than `bits`. */
export function decodeBase62(text: string, bits: number): bigint | undefined {
  let value = 0n;
  for (let start = 0; start < text.length; start += chunkDigits) {
    const part = text.slice(start, start + chunkDigits);
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
