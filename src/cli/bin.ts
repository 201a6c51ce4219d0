#!/usr/bin/env node
import nodeModule from "node:module";
import { main } from "./main.ts";

nodeModule.enableCompileCache?.(); // Node 22 and later
process.exitCode = await main(process.argv.slice(2));
