import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** A browser's program, and the environment it needs to start. */
export interface BrowserProgram {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

const cache = fileURLToPath(new URL("../../node_modules/.cache/chromium/", import.meta.url));

// The package unpacks to the temporary folder under a fixed name, where two test files that start at the
// same time would each run the other's half-written file. So a child of our own unpacks to a folder of its
// own, libraries included, and the folder is moved to its place in one step.
const unpackScript = `
  const [entry, libraries] = process.argv.slice(1);
  const { default: chromium, inflate } = await import(entry);
  await Promise.all([chromium.executablePath(), inflate(libraries)]);
`;

/** Unpacks the Chromium that the package `@sparticuz/chromium` carries, once for each of its versions. */
export async function carriedChromium(): Promise<BrowserProgram> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const root = join(dirname(entry), "..");
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const home = join(cache, version);
  if (!existsSync(home)) {
    await mkdir(cache, { recursive: true });
    const fresh = await mkdtemp(join(cache, "unpacking-"));
    try {
      await promisify(execFile)(
        process.execPath,
        [
          "--input-type=module",
          "--eval",
          unpackScript,
          pathToFileURL(entry).href,
          join(root, "bin/al2023.tar.br"),
        ],
        { env: { ...process.env, TMPDIR: fresh } },
      );
      await rename(fresh, home).catch((reason: unknown) => {
        if (!existsSync(home)) {
          throw reason; // otherwise another test file was faster
        }
      });
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }
  const libraries = [join(home, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean);
  return {
    path: join(home, "chromium"),
    env: {
      // Without a font, Chromium draws no text and crashes where a page measures some.
      FONTCONFIG_FILE: await fontConfiguration(home),
      ...process.env,
      LD_LIBRARY_PATH: libraries.join(delimiter),
    },
  };
}

/** The configuration that the package carries looks for its fonts elsewhere. */
async function fontConfiguration(home: string): Promise<string> {
  const file = join(home, "with-fonts.conf");
  const fresh = `${file}.${process.pid}`;
  await writeFile(
    fresh,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(home, "fonts")}</dir><cachedir>${join(home, "fonts-cache")}</cachedir></fontconfig>\n`,
  );
  await rename(fresh, file);
  return file;
}
