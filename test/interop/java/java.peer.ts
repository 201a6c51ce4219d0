import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { checkGreeter, type Greeted } from "../support/check-greeter.ts";
import { describeWith, MissingToolError } from "../support/describe-with.ts";
import { build, root } from "../support/run.ts";

const folder = join(root, ".cache/interop/java");

/**
 * Builds Greet.java with the versions of pom.xml, and returns its class path.
 *
 * @throws MissingToolError where there is no Java, no Maven, or no repository of packages to be reached.
 */
async function greetJava(): Promise<string> {
  await build("java", ["-version"]);
  const classPath = join(folder, "class-path.txt");
  const args = ["--quiet", "--batch-mode", "--file", "test/interop/java", `-Dmdep.outputFile=${classPath}`];
  try {
    await build("mvn", [...args, "compile", "dependency:build-classpath"]);
  } catch (reason) {
    if (/could not (transfer|find)|unable to resolve|cannot access/i.test(String(reason))) {
      throw new MissingToolError("its packages cannot be had from a Maven repository");
    }
    throw reason;
  }
  return [join(folder, "classes"), await readFile(classPath, "utf8")].join(delimiter);
}

await describeWith("grpc-java", greetJava, (classPath) => {
  const java = async (...args: string[]) =>
    JSON.parse(await build("java", ["-cp", classPath, "Greet", ...args])) as unknown;
  checkGreeter({
    async greet(url, { name, echo = "", timeoutMs = 60_000 }) {
      return (await java("greet", new URL(url).host, name, echo, String(timeoutMs))) as Greeted;
    },
    async send(url, name) {
      return ((await java("send", new URL(url).host, name)) as { id: string }).id;
    },
  });
});
