#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { main } from "./main.ts";

enableCompileCache?.();
process.exitCode = await main(process.argv.slice(2));
