import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The packages of this repository as npm would publish them: the path of each tarball by the package's name. */
export interface Tarballs extends Disposable {
  readonly paths: ReadonlyMap<string, string>;
}

/** Builds and packs both packages. */
export async function packPackages(): Promise<Tarballs> {
  const folder = temporaryFolder("tarballs");
  const manifest = readFileSync(join(repository, "package.json"), "utf8");
  // Not where other tests read package.json: it is another one while npm packs.
  using copy = repositoryCopy();
  const pack = async (args: string): Promise<string> => {
    const stdout = await run(`npm pack --silent --pack-destination ${folder} ${args}`, copy.folder);
    return join(folder, stdout.trim().split("\n").at(-1) ?? "");
  };
  const paths = new Map([
    ["restate-connect", await pack("")],
    ["protoc-gen-restate-es", await pack("--workspace protoc-gen-restate-es")],
  ]);
  if (readFileSync(join(copy.folder, "package.json"), "utf8") !== manifest) {
    throw new Error("npm pack left package.json changed");
  }
  return { paths, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
