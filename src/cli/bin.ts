#!/usr/bin/env node
import nodeModule from "node:module";
import { main } from "./main.ts";

// A reader that has seen enough, such as head, is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    throw error;
  }
});
nodeModule.enableCompileCache?.(); // Node 22 and later
process.exitCode = await main(process.argv.slice(2));
