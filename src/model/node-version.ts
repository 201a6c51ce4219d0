/** The Node that servers and commands need, in words. `engines` of both packages says the same. */
export const neededNode = "Node 22.22.3 or later, 24.15 or later, or 26";

/**
 * Says in a sentence that this Node is too old for `what`, or undefined if it is not. Older ones lack type stripping,
 * `node:sqlite`, or a SQLite that keeps its write-ahead log intact (3.51.3). Bun and Deno have numbers of their own.
 */
export function nodeProblem(
  what: string,
  versions: NodeJS.ProcessVersions = process.versions,
): string | undefined {
  if ("bun" in versions || "deno" in versions || isNewEnough(versions.node)) {
    return undefined;
  }
  return `${what} needs ${neededNode}, and this is Node ${versions.node}. Install another from https://nodejs.org`;
}

/**
 * Says in a sentence that `what` does not run on this runtime, or on this Node; undefined if it does. Deno and Bun lack
 * parts of worker threads and of HTTP/2 that a server needs, and no test shows that their SQLite loses nothing.
 */
export function serverProblem(
  what: string,
  versions: NodeJS.ProcessVersions = process.versions,
): string | undefined {
  const { bun, deno } = versions;
  if (bun === undefined && deno === undefined) {
    return nodeProblem(what, versions);
  }
  const runtime = deno === undefined ? `Bun ${bun}` : `Deno ${deno}`;
  return `${what} needs ${neededNode}, and this is ${runtime}. Run it with Node: only clients run on Deno and Bun`;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  switch (major) {
    case 22:
      return minor > 22 || (minor === 22 && patch >= 3);
    case 24:
      return minor >= 15;
    default:
      return major >= 26;
  }
}
