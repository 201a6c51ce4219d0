import { Code } from "@connectrpc/connect";

/** The names that the Connect protocol has for codes: `invalid_argument`. */
const codes: ReadonlyMap<string, Code> = /*@__PURE__*/ new Map(
  /*@__PURE__*/ Object.entries(Code).flatMap(([name, code]) =>
    typeof code === "number" ? [[snakeCase(name), code] as const] : [],
  ),
);

/** The name that the Connect protocol has for a code. */
export function nameOfCode(code: Code): string {
  return snakeCase(Code[code] ?? String(code));
}

/** The code with a name of the Connect protocol, undefined for any other name. */
export function codeFromName(name: string): Code | undefined {
  return codes.get(name);
}

/** The code that the protocols assign to the HTTP status of a response that another server gave. */
export function codeFromHttpStatus(status: number): Code {
  switch (status) {
    case 400:
      return Code.Internal;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}

function snakeCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();
}
