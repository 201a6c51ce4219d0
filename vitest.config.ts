import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@restate-connect/source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    execArgv: ["--conditions=@restate-connect/source"],
    // Suites start servers, browsers and compilers: the slowest of them takes its time on a small machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
