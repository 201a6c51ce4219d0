/**
 * Adds to package-lock.json the platform packages that npm left out because the registry at hand does not
 * have them: `npm ci` fails where any is missing, even one for another platform. Run it after `npm install`
 * of something with native binaries. With --check it changes nothing, and exits 1 when the file lacks any.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  readonly version?: string;
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly os?: readonly string[];
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const operatingSystems = new Set(["android", "darwin", "freebsd", "linux", "openharmony", "win32"]);
const processors: Readonly<Record<string, string>> = {
  aarch64: "arm64",
  arm: "arm",
  arm64: "arm64",
  armv7: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockedPackage> };
const lacking = platformPackagesLacking(lock.packages);

if (process.argv.includes("--check")) {
  if (lacking.size > 0) {
    console.error(`package-lock.json lacks ${[...lacking.keys()].join(", ")}: run npm run lockfile`);
    process.exitCode = 1;
  }
} else {
  lock.packages = Object.fromEntries(
    [...Object.entries(lock.packages), ...lacking].sort(([a], [b]) => a.localeCompare(b, "en")),
  );
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`package-lock.json: ${lacking.size} platform packages added`);
}

function platformPackagesLacking(packages: Record<string, LockedPackage>): Map<string, LockedPackage> {
  const present = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")));
  const added = new Map<string, LockedPackage>();
  for (const { dev, optionalDependencies = {} } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!present.has(name)) {
        added.set(`node_modules/${name}`, {
          version,
          ...platformOf(name),
          ...(dev === true && { dev }),
          optional: true,
        });
      }
    }
  }
  return added;
}

/** Says for which machines a package is, by the words of its name: npm leaves the others alone. */
function platformOf(name: string): Pick<LockedPackage, "cpu" | "libc" | "os"> {
  const words = name.replace(/^@[^/]*\//, "").split("-");
  const os = words.find((word) => operatingSystems.has(word));
  const cpu = words.map((word) => processors[word]).find((found) => found !== undefined);
  if (os === undefined || cpu === undefined) {
    throw new Error(`${name} is in no lock and its name tells no platform: run npm install where it exists`);
  }
  const isMusl = words.some((word) => word.startsWith("musl"));
  return { cpu: [cpu], ...(os === "linux" && isMusl && { libc: ["musl"] }), os: [os] };
}
