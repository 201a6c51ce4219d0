import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPackageManager, type PackageManager, readManifest } from "./package-manager.ts";

/** What `init` finds out about a project. */
export interface ProjectKind {
  readonly manager: PackageManager;
  readonly isTypeScript: boolean;
  /** False: CommonJS. */
  readonly isModule: boolean;
}

/** Looks at a folder. An empty one becomes a TypeScript project with ES modules. */
export function projectKind(folder: string): ProjectKind {
  const manifest = readManifest(folder);
  const manager = findPackageManager(folder);
  if (manifest === undefined) {
    return { manager, isTypeScript: true, isModule: true };
  }
  const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };
  return {
    manager,
    isTypeScript: "typescript" in dependencies || existsSync(join(folder, "tsconfig.json")),
    isModule: manifest.type === "module",
  };
}
