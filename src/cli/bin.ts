#!/usr/bin/env node
import nodeModule from "node:module";
import { nodeProblem } from "../model/node-version.ts";

// A reader that has seen enough, such as head, is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    throw error;
  }
});
const problem = nodeProblem("restate-connect");
if (problem === undefined) {
  nodeModule.enableCompileCache?.(); // Deno has none
  const { main } = await import("./main.ts"); // which an older Node may not be able to read
  const code = await main(process.argv.slice(2));
  // Connections that a server left open must not keep a finished command alive. The empty write is the last.
  process.stdout.write("", () => process.exit(code));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
