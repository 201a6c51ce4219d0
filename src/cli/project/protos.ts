import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packageRoot, packageVersion } from "../../package.ts";
import { UsageError } from "../usage-error.ts";

/** The files of the contract that services import. */
const importedProtos = ["dev/restate/ext.proto", "dev/restate/sdk/go.proto"] as const;

/** A file of the contract and where it was copied. */
export interface CopiedProto {
  readonly path: string;
  /** False if the file was there already, the same to the letter. */
  readonly isNew: boolean;
}

/** Copies the protos that services import into a folder. Files that are up to date stay as they are. */
export async function copyProtos(folder: string): Promise<readonly CopiedProto[]> {
  return await Promise.all(
    importedProtos.map(async (name) => {
      const path = join(folder, name);
      const text = await protoText(name);
      if ((await readText(path)) === text) {
        return { path, isNew: false };
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return { path, isNew: true };
    }),
  );
}

/**
 * Runs `restate-connect protos`.
 *
 * @throws UsageError in a check that finds files which are missing or differ.
 */
export async function protos(
  folder: string,
  { check }: { readonly check?: true | undefined },
): Promise<void> {
  if (check !== true) {
    for (const { path, isNew } of await copyProtos(folder)) {
      process.stdout.write(`${isNew ? "copied     " : "up to date "} ${path}\n`);
    }
    return;
  }
  const outdated: string[] = [];
  for (const name of importedProtos) {
    const path = join(folder, name);
    if ((await readText(path)) !== (await protoText(name))) {
      outdated.push(path);
    }
  }
  if (outdated.length > 0) {
    throw new UsageError(
      `${outdated.join(", ")} ${outdated.length === 1 ? "differs" : "differ"} from restate-connect ${packageVersion()}: ` +
        `run restate-connect protos ${folder}`,
    );
  }
  process.stdout.write(`up to date with restate-connect ${packageVersion()}\n`);
}

async function protoText(name: string): Promise<string> {
  const text = await readFile(new URL(`proto/${name}`, packageRoot), "utf8");
  return `// Copied by "restate-connect protos" from restate-connect ${packageVersion()}. Do not edit: run it again instead.\n${text}`;
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}
