import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { packageVersion } from "../../package.ts";
import { type ProjectKind, projectKind } from "./kind.ts";
import { type Manifest, type PackageManager, readManifest, runScript } from "./package-manager.ts";
import { skipBufScript } from "./pnpm-settings.ts";
import { copyProtos } from "./protos.ts";
import { runCommand } from "./run-command.ts";
import { fileNames, templates } from "./templates.ts";
import { toolVersions } from "./tool-versions.ts";

/** The options of `restate-connect init`. */
export interface InitOptions {
  /** False: write files only. */
  readonly install: boolean;
}

/** Sets a project up in the working folder, installs its packages and generates its clients. */
export async function init({ install }: InitOptions): Promise<void> {
  const folder = process.cwd();
  const kind = projectKind(folder);
  const { manager, isTypeScript, isModule } = kind;
  say(`${manager}, ${isTypeScript ? "TypeScript" : "JavaScript"}, ${isModule ? "ES modules" : "CommonJS"}\n`);
  await addToManifest(folder, kind);
  for (const { path, isNew } of await copyProtos("proto")) {
    say(`${isNew ? "created " : "kept    "} ${path}`);
  }
  if (manager === "pnpm") {
    say(await skipBufScript(folder));
  }
  for (const { path, text } of templates(kind)) {
    await create(path, text);
  }
  await ignoreFiles(["node_modules/", "gen/", "restate-data/"]);
  if (!install) {
    say(
      `\nNext:\n  ${manager} install\n  ${runScript(manager, "generate")}\n  ${runScript(manager, "demo")}`,
    );
    return;
  }
  say(`\n${manager} install`);
  await runCommand(manager, installArguments[manager], folder, { YARN_ENABLE_IMMUTABLE_INSTALLS: "false" });
  say(`\n${runScript(manager, "generate")}`);
  // By the package manager: this process does not see the packages that were just added under Yarn PnP.
  await runCommand(manager, ["run", "generate"], folder);
  say(`
Next:
  ${runScript(manager, "demo").padEnd(18)} serve, call and send in one process
  ${runScript(manager, "serve").padEnd(18)} serve on http://localhost:8080, and restart when a file changes
  ${runScript(manager, "client").padEnd(18)} call and send to that server`);
}

/** In CI, pnpm and Yarn refuse to change a lockfile, which adding packages does. Yarn 4 has a variable for that. */
const installArguments: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ["install"],
  pnpm: ["install", "--no-frozen-lockfile"],
  yarn: ["install"],
  bun: ["install"],
};

/** Adds packages and scripts that package.json lacks. What it has stays. */
async function addToManifest(folder: string, kind: ProjectKind): Promise<void> {
  const found = readManifest(folder);
  const manifest: Manifest = found ?? {
    name: basename(folder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, "-"),
    private: true,
    type: "module",
  };
  const names = fileNames(kind);
  const scripts = {
    generate: "restate-connect generate",
    serve: `restate-connect serve ${names.services} --watch`,
    client: `node ${names.client}`,
    demo: `node ${names.demo}`,
  };
  const own = `^${packageVersion()}`;
  const has = (name: string) => name in { ...manifest.dependencies, ...manifest.devDependencies };
  const missing = (packages: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(packages).filter(([name]) => !has(name)));
  const { dependencies, devDependencies, typeScript } = toolVersions;
  const changed: Manifest = {
    ...manifest,
    scripts: { ...scripts, ...manifest.scripts },
    dependencies: { ...manifest.dependencies, ...missing({ "restate-connect": own, ...dependencies }) },
    devDependencies: {
      ...manifest.devDependencies,
      ...missing({
        "protoc-gen-restate-es": own,
        ...devDependencies,
        ...(kind.isTypeScript ? typeScript : {}),
      }),
    },
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(changed, null, 2)}\n`);
  say(`${found === undefined ? "created " : "extended"} package.json`);
}

async function create(path: string, text: string): Promise<void> {
  if (existsSync(path)) {
    say(`kept     ${path}`);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  say(`created  ${path}`);
}

async function ignoreFiles(patterns: readonly string[]): Promise<void> {
  const path = ".gitignore";
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = before.split(/\r?\n/);
  const missing = patterns.filter(
    (pattern) => !lines.includes(pattern) && !lines.includes(pattern.replace(/\/$/, "")),
  );
  if (missing.length > 0) {
    const separator = before === "" || before.endsWith("\n") ? "" : "\n";
    await writeFile(path, `${before}${separator}${missing.join("\n")}\n`);
    say(`${before === "" ? "created " : "extended"} ${path}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
