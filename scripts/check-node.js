// Says in one line why a script may fail, where npm has no Node 24 for the platform (tools/node brings it
// elsewhere) and the machine's own Node is older. Plain JavaScript, for any Node.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 24) {
  const runs = major > 22 || (major === 22 && minor >= 18);
  console.error(
    `This is Node ${process.versions.node}, and the scripts here are made for Node 24: ` +
      (runs ? "most will do." : "install it from https://nodejs.org, and run npm ci again."),
  );
  if (!runs) {
    process.exit(1); // also when a script imports this file with --import
  }
}
