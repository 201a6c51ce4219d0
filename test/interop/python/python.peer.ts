import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkGreeter, type Greeted } from "../support/check-greeter.ts";
import { describeWith, MissingToolError } from "../support/describe-with.ts";
import { build, root } from "../support/run.ts";
import { statusDetail } from "../support/status-details.ts";

const home = join(root, ".cache/interop/python");
const python = join(home, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/**
 * A Python of its own, with the packages of requirements.txt.
 *
 * @throws MissingToolError where there is no Python, or no index of packages to be reached.
 */
async function pythonWithGrpc(): Promise<string> {
  try {
    if (!existsSync(python)) {
      await build("python3", ["-m", "venv", home]);
    }
    const requirements = "test/interop/python/requirements.txt";
    await build(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  } catch (reason) {
    if (reason instanceof MissingToolError) {
      throw reason;
    }
    throw new MissingToolError(
      `its packages cannot be installed: ${String(reason).trim().split("\n").at(-1)}`,
    );
  }
  return python;
}

await describeWith("Python's grpcio, by reflection", pythonWithGrpc, (python) => {
  const call = async (url: string, ...args: string[]) => {
    const answer = await build(python, [
      "test/interop/python/greet.py",
      "--host",
      new URL(url).host,
      ...args,
    ]);
    return JSON.parse(answer) as unknown;
  };
  checkGreeter({
    async greet(url, { name, echo = "", timeoutMs = 60_000 }) {
      const args = ["--name", name, "--echo", echo, "--timeout", String(timeoutMs / 1000)];
      const { statusDetails, ...greeted } = (await call(url, ...args)) as Greeted & {
        statusDetails?: string;
      };
      const detail =
        statusDetails === undefined ? undefined : statusDetail(Buffer.from(statusDetails, "hex"));
      return { ...greeted, detail };
    },
    async send(url, name) {
      return ((await call(url, "--send", "--name", name)) as { id: string }).id;
    },
  });
});
