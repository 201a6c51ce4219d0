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
