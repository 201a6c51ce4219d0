import { basename } from "node:path";

/** What a process did to its files, as strace saw it, in the order of completion. */
export type FileOperation =
  | { readonly kind: "write"; readonly file: string; readonly at: number; readonly data: Buffer }
  | { readonly kind: "sync" | "remove"; readonly file: string }
  | { readonly kind: "truncate"; readonly file: string; readonly size: number }
  /** A line on standard output. */
  | { readonly kind: "line"; readonly text: string };

/** The options of strace whose log {@link parseFileLog} reads. */
export const straceOptions = [
  "-f",
  "-y",
  "-xx",
  "-s",
  "10000000",
  "-e",
  "trace=write,pwrite64,fsync,fdatasync,ftruncate,unlink",
] as const;

/**
 * Reads a log of strace.
 *
 * @throws Error for a write to a store file in a form that is not understood: leaving it out would make the
 *   replay worthless.
 */
export function parseFileLog(log: string): readonly FileOperation[] {
  const unfinished = new Map<string, string>();
  return log.split("\n").flatMap((line) => {
    const [, pid = "", call = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (call.endsWith("<unfinished ...>")) {
      unfinished.set(pid, call.slice(0, -"<unfinished ...>".length).trimEnd());
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(call);
    const whole = resumed === null ? call : `${unfinished.get(pid) ?? ""}${resumed[1]}`;
    const operation = parseCall(whole);
    return operation === undefined ? [] : [operation];
  });
}

function parseCall(call: string): FileOperation | undefined {
  const [, name = "", parameters = "", result = ""] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(call) ?? [];
  if (name === "" || Number(result) < 0) {
    return undefined;
  }
  if (name === "unlink") {
    return { kind: "remove", file: basename(text(parameters)) };
  }
  const [, fd = "", path = "", rest = ""] = /^(\d+)<([^>]*)>(?:, )?(.*)$/.exec(parameters) ?? [];
  const file = basename(bytesOf(path).toString());
  switch (name) {
    case "fsync":
    case "fdatasync":
      return { kind: "sync", file };
    case "ftruncate":
      return { kind: "truncate", file, size: Number(rest) };
    case "write":
      if (file.startsWith("store.sqlite")) {
        throw new Error(`a write without an offset to ${file}`);
      }
      return fd === "1" ? { kind: "line", text: text(rest).trimEnd() } : undefined;
    case "pwrite64": {
      const [, data = "", at = ""] = /^"([^"]*)", \d+, (\d+)$/.exec(rest) ?? [];
      if (at === "") {
        throw new Error(`a write to ${file} that is not understood: ${call.slice(0, 200)}`);
      }
      return { kind: "write", file, at: Number(at), data: bytesOf(data).subarray(0, Number(result)) };
    }
    default:
      return undefined;
  }
}

function text(quoted: string): string {
  return bytesOf(/"([^"]*)"/.exec(quoted)?.[1] ?? "").toString();
}

/** With -xx every byte is `\xNN`. */
function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll("\\x", ""), "hex");
}
