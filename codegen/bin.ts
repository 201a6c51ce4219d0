#!/usr/bin/env node
import nodeModule from "node:module";

nodeModule.enableCompileCache?.(); // Node 22 and later
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
