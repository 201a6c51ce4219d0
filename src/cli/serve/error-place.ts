import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Our own modules. What fails in them, or in a package, was called with something wrong. */
const ownFolder = new URL("../../", import.meta.url).href;

/**
 * Where a module could not be loaded, as `file:line:column` from the working directory; undefined where Node
 * does not report it. `suspect` is the URL of the module that was loaded last.
 */
export function errorPlace(reason: unknown, suspect: string | undefined): string | undefined {
  if (!(reason instanceof Error)) {
    return undefined;
  }
  const stack = reason.stack ?? "";
  if (reason instanceof SyntaxError) {
    return excerptPlace(stack) ?? (suspect === undefined ? undefined : checkedPlace(suspect));
  }
  const frames = stack.matchAll(/(file:\/\/[^\s()]+?):(\d+):(\d+)\)?$/gm);
  for (const [, url = "", line = "", column = ""] of frames) {
    if (!url.startsWith(ownFolder) && !url.includes("/node_modules/")) {
      return place(url, line, column);
    }
  }
  return undefined;
}

/** Node shows the lines in question: their place on top, carets below the last of them. */
function excerptPlace(text: string): string | undefined {
  const [, file, line, indent] = /^((?:file:|\/|[A-Z]:\\).*):(\d+)\n(?:.*\n)*?([ \t]*)\^/m.exec(text) ?? [];
  return file === undefined || line === undefined || indent === undefined
    ? undefined
    : place(file, line, String(indent.length + 1));
}

/** Finds a syntax error in JavaScript with `node --check`: Node prints its place but does not put it in the error. */
function checkedPlace(url: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ["--check", fileURLToPath(url)], { encoding: "utf8" });
  return excerptPlace(stderr);
}

function place(file: string, line: string, column: string): string {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return `${relative("", path)}:${line}:${column}`;
}
