// The apps in examples/, installed from the packed packages and run by their own scripts, as their READMEs say.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inlineCommands, relativeLinks } from "../readme/pages.ts";
import { describeInChromium } from "../support/chromium.ts";
import { run } from "../support/command.ts";
import { codeBlocks, commandsOf, repository } from "../support/markdown.ts";
import { repositoryCopy } from "../support/repository-copy.ts";
import { describeApproval } from "./approval.ts";
import { describeCheckout } from "./checkout.ts";
import { openExample } from "./example.ts";
import { describeGoSdk } from "./go-sdk.ts";
import { describeNext } from "./next.ts";

const examples = join(repository, "examples");

/** These have the packages of go-sdk, without its Restate server: the tests link those instead of installing again. */
const likeGoSdk = ["checkout", "approval"];

await describeInChromium("examples", (browser) => {
  let copy: ReturnType<typeof repositoryCopy>;
  const open = (name: string) => openExample(join(copy.folder, "examples", name));

  beforeAll(async () => {
    copy = repositoryCopy();
    await run("npm run example go-sdk next", copy.folder);
    for (const name of likeGoSdk) {
      await run(`cp -RPl go-sdk/node_modules ${name}/`, join(copy.folder, "examples"));
    }
  }, 300_000);
  afterAll(() => copy[Symbol.dispose]());

  describeCheckout(browser, () => open("checkout"));
  describeApproval(browser, () => open("approval"));
  describeGoSdk(browser, () => open("go-sdk"));
  describeNext(browser, () => open("next"));
});

it.each(readdirSync(examples).filter((name) => existsSync(join(examples, name, "package.json"))))(
  "examples/%s has a README whose commands and links exist",
  (name) => {
    const readme = join("examples", name, "README.md");
    const missing = relativeLinks(readme).filter((link) => !existsSync(join(examples, name, link)));
    expect(missing).toEqual([]);
    expect(inlineCommands(readme)).toContain(`npm run example ${name}`);
    const commands = codeBlocks(join(repository, readme)).flatMap(commandsOf);
    const named = commands.flatMap((command) => command.split(" && ")).filter((c) => c !== "npm install");
    const scripts = Object.keys(manifestOf(name).scripts).map((script) => `npm run ${script}`);
    for (const command of named) {
      expect([...scripts, "npm start"]).toContain(/^npm (start|run \S+)/.exec(command)?.[0]);
    }
    expect(named.length).toBeGreaterThan(0);
  },
);

it.each(likeGoSdk)("examples/%s needs no package that go-sdk does not need", (name) => {
  const { "@restatedev/restate-server": _, ...packages } = packagesOf("go-sdk");
  expect(packagesOf(name)).toEqual(packages);
});

function packagesOf(name: string): Record<string, string> {
  const { dependencies, devDependencies } = manifestOf(name);
  return { ...dependencies, ...devDependencies };
}

function manifestOf(
  name: string,
): Record<"dependencies" | "devDependencies" | "scripts", Record<string, string>> {
  return JSON.parse(readFileSync(join(examples, name, "package.json"), "utf8"));
}
