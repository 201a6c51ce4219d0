// Says in one line why a script may fail, where npm has no Node 26 for the platform (tools/node brings it
// elsewhere) and the machine's own Node is older. Plain JavaScript, for any Node. src/model/node-version.ts has the
// same numbers for what is published.
const [major, minor, patch] = process.versions.node.split(".").map(Number);

const isMeant = major >= 26 || (major === 24 && minor >= 15);
if (!isMeant) {
  const runs = major === 22 && (minor > 22 || (minor === 22 && patch >= 3));
  console.error(
    `This is Node ${process.versions.node}, and the scripts here are made for Node 24.15 or later: ` +
      (runs ? "most will do." : "install it from https://nodejs.org, and run npm ci again."),
  );
  if (!runs) {
    process.exit(1); // also when a script imports this file with --import
  }
}
