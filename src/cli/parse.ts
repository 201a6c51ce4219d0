import { UsageError } from "./usage-error.ts";

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads an option that is a duration: `1500` or `1500ms`, `10s`, `5m`, `1h30m`, `1d`, `2w`. Milliseconds.
 *
 * @throws UsageError that names the option.
 */
export function parseDuration(option: string): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text)) {
      return Number(text);
    }
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
    if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
      throw new UsageError(
        `${option} must be a duration such as 1500ms, 10s, 5m, 1h30m or 1d, not ${JSON.stringify(text)}`,
      );
    }
    return Math.ceil(
      parts.reduce((total, [, count, unit = ""]) => total + Number(count) * (unitMs[unit] ?? 0), 0),
    );
  };
}

/**
 * Reads an option that is a port, 0 included.
 *
 * @throws UsageError that names the option.
 */
export function parsePort(option: string): (text: string) => number {
  return parseWholeNumber(option, 0, 65_535);
}

/**
 * Reads an option that is a whole number within bounds.
 *
 * @throws UsageError that names the option.
 */
export function parseWholeNumber(
  option: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      const bounds = max === Number.MAX_SAFE_INTEGER ? `, ${min} or more` : ` from ${min} to ${max}`;
      throw new UsageError(`${option} must be a number${bounds}, not ${JSON.stringify(text)}`);
    }
    return value;
  };
}

const unitBytes: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/**
 * Reads an option that is a size: `4096`, `64KiB`, `4MiB`, `8GiB`. Bytes.
 *
 * @throws UsageError that names the option.
 */
export function parseSize(option: string): (text: string) => number {
  return (text) => {
    const [, count, unit = "B"] = /^(\d+)(B|KiB|MiB|GiB)?$/.exec(text) ?? [];
    if (count === undefined) {
      throw new UsageError(
        `${option} must be a size such as 4096, 64KiB, 4MiB or 8GiB, not ${JSON.stringify(text)}`,
      );
    }
    return Number(count) * (unitBytes[unit] ?? 1);
  };
}

/** Reads an option that may repeat. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/**
 * Checks that an option is an absolute http or https URL.
 *
 * @throws UsageError that names the option.
 */
export function checkUrl(option: string, url: string): void {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new UsageError(`${option} must be a URL such as http://localhost:8080, not ${JSON.stringify(url)}`);
  }
}
