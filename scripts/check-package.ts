/** Packs both packages, and checks what a third party would install: the manifest, and how each entry resolves. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "restate-connect-pack-"));

/** Clients are ES modules and CommonJS, for every resolution of TypeScript. */
const clients = [".", "codegen", "json", "web", "web/connect", "web/grpc-web", "node", "opentelemetry"];
/** Servers are ES modules only. */
const servers = ["ingress", "engine", "endpoint", "reflection"];

try {
  const runtime = pack([]);
  const generator = pack(["--workspace", "protoc-gen-restate-es"]);
  for (const tarball of [runtime, generator]) {
    run("publint", ["run", "--strict", tarball]);
  }
  run("attw", [runtime, "--quiet", "--profile", "strict", "--entrypoints", ...clients]);
  run("attw", [runtime, "--quiet", "--profile", "esm-only", "--entrypoints", ...servers]);
  run("attw", [generator, "--quiet", "--profile", "esm-only", "--entrypoints", "scaffold"]);
} finally {
  rmSync(folder, { recursive: true });
}

function pack(args: readonly string[]): string {
  const stdout = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return join(folder, stdout.trim().split("\n").at(-1) ?? "");
}

function run(tool: string, args: readonly string[]): void {
  execFileSync(tool, args, { cwd: root, stdio: "inherit" });
}
