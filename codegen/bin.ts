#!/usr/bin/env node
import nodeModule from "node:module";
import { nodeProblem } from "../src/model/node-version.ts";

const problem = nodeProblem("protoc-gen-restate-es");
if (problem === undefined) {
  nodeModule.enableCompileCache();
  const { main } = await import("./main.ts"); // which an older Node may not be able to read
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
