import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// npm run interop [-- name of a peer]
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  ssr: { resolve: { conditions: ["@restate-connect/source"] } },
  test: {
    include: ["test/{interop,connect-v1}/**/*.peer.ts"],
    execArgv: ["--conditions=@restate-connect/source"],
    globalSetup: ["test/interop/support/generate.ts"],
    // Peers are programs of their own, and share what they are built of.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
