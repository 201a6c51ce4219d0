import { ScalarType } from "@bufbuild/protobuf";

const ranges: ReadonlyMap<ScalarType, readonly [bigint, bigint]> = new Map([
  ...[ScalarType.INT32, ScalarType.SINT32, ScalarType.SFIXED32].map(
    (type) => [type, [-(2n ** 31n), 2n ** 31n - 1n]] as const,
  ),
  ...[ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64].map(
    (type) => [type, [-(2n ** 63n), 2n ** 63n - 1n]] as const,
  ),
  ...[ScalarType.UINT32, ScalarType.FIXED32].map((type) => [type, [0n, 2n ** 32n - 1n]] as const),
  ...[ScalarType.UINT64, ScalarType.FIXED64].map((type) => [type, [0n, 2n ** 64n - 1n]] as const),
]);

/** True for integers that JSON numbers cannot hold: they are written as strings. */
export function is64Bit(scalar: ScalarType): boolean {
  return (ranges.get(scalar)?.[1] ?? 0n) > 2n ** 32n;
}

/** Why a JSON value is not a value of a scalar type. Undefined: it is. */
export function scalarProblem(scalar: ScalarType, value: unknown): string | undefined {
  const range = ranges.get(scalar);
  if (range !== undefined) {
    return integerProblem(scalar, range, value);
  }
  switch (scalar) {
    case ScalarType.BOOL:
      return typeof value === "boolean" ? undefined : "write true or false";
    case ScalarType.STRING:
      return typeof value === "string" ? undefined : "write a string";
    case ScalarType.BYTES:
      return typeof value === "string" && /^[\w+/-]*={0,2}$/.test(value)
        ? undefined
        : "write the bytes as a base64 string";
    default:
      return typeof value === "number" ||
        (typeof value === "string" && /^(-?Infinity|NaN|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/.test(value))
        ? undefined
        : 'write a number, "NaN" or "Infinity"';
  }
}

function integerProblem(
  scalar: ScalarType,
  [min, max]: readonly [bigint, bigint],
  value: unknown,
): string | undefined {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return "JSON numbers lose digits of this size: write it as a string";
  }
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^-?\d+$/.test(text)) {
    return is64Bit(scalar) ? "write a whole number, best as a string" : "write a whole number";
  }
  const number = BigInt(text);
  return number < min || number > max ? `write a whole number from ${min} to ${max}` : undefined;
}
