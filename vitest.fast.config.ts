import { mergeConfig } from "vitest/config";
import all from "./vitest.config.ts";

/** Folders that start compilers, browsers, package installs, Restate servers or long-running processes. */
const slowFolders = [
  "bench",
  "browser",
  "console",
  "crash",
  "docs-site",
  "editor",
  "examples",
  "fuzz",
  "go-service",
  "package",
  "package-managers",
  "react",
  "readme",
  "restate",
  "scaffold",
  "scripts",
  "soak",
  "types",
];

const slowFiles = [
  "test/behaviour/behaviour.test.ts",
  "test/cli/{node-version,call,completion,hostile-text,invocations,project,pull,print-proto,serve,serve-tls}.test.ts",
  "test/codegen/{bin,check,names,oracle,problems,property}.test.ts",
  "test/engine/{data-directory,lifecycle,limits,model,nested,open,store-limits,values}.test.ts",
  "test/ingress/{abuse,busy,fairness,floods,invocations,limits,memory,object-keys,slow-readers,tls,tools}.test.ts",
  "test/json/browser.test.ts",
  "test/opentelemetry/{off,serve}.test.ts",
  "test/transport/long-deadlines.test.ts",
];

/** The tests of `npm run test:fast`. `npm test` runs everything. */
export default mergeConfig(all, {
  test: {
    // Vitest leaves a core free by default: of two, that is half.
    maxWorkers: "100%",
    exclude: [...slowFolders.map((folder) => `test/${folder}/**`), ...slowFiles, "**/node_modules/**"],
  },
});
