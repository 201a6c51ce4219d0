import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followedElsewhere, pages } from "../readme/pages.ts";
import { NoChromiumError, startChromium } from "../support/chromium.ts";
import { type RunningCommand, start } from "../support/command.ts";
import { type CodeBlock, codeBlocks, commandsOf, repository } from "../support/markdown.ts";
import { packPackages, type Tarballs } from "./pack.ts";
import { type PackedProject, packedProject } from "./packed-project.ts";

const gettingStarted = join(repository, "docs/getting-started.md");

let tarballs: Tarballs;
let project: PackedProject;
const running: RunningCommand[] = [];

beforeAll(async () => {
  tarballs = await packPackages();
  project = packedProject(tarballs);
});

afterAll(async () => {
  await Promise.all(running.map((command) => command.interrupt()));
  project[Symbol.dispose]();
  tarballs[Symbol.dispose]();
});

// Every block of the page is done as a reader would do it, in order, in an empty folder.
describe("docs/getting-started.md, with the packed packages", () => {
  let ingressUrl = "http://localhost:8080";
  let output = "";

  const commands: readonly (readonly [RegExp, (command: string) => Promise<string>])[] = [
    [/^npm init /, (command) => project.run(command)],
    [/^npm install /, (command) => project.install(command.replace("npm install ", ""))],
    [/^npx buf (generate|lint)$/, (command) => project.run(command)],
    [/^npx tsc$/, (command) => project.run(command)],
    [/^node client\.ts$/, (command) => project.run(command)],
    [
      /^npx restate-connect serve services\.ts$/,
      async (command) => {
        const ready = /ingress +(http:\S+)[\s\S]*Ctrl-C/;
        const serving = await start(`${command} --port 0 --admin-port 0`, project.folder, ready);
        running.push(serving);
        ingressUrl = serving.match[1] ?? "";
        return "";
      },
    ],
    [/^npx vite web$/, (command) => loadPage(command)],
  ];

  async function loadPage(command: string): Promise<string> {
    const serving = await start(
      `${command} --host 127.0.0.1 --port 0`,
      project.folder,
      /(http:\/\/127\S+)\//,
    );
    running.push(serving);
    const browser = await startChromium().catch((reason: unknown) => {
      if (!(reason instanceof NoChromiumError)) {
        throw reason;
      }
      console.warn(`the page is served, but not looked at: ${reason.message}`);
    });
    if (browser === undefined) {
      return "";
    }
    try {
      const page = await browser.newPage();
      await page.goto(serving.match[1] ?? "");
      await page.waitForFunction(() => document.querySelector("output")?.textContent !== "");
      expect(await page.textContent("output")).toBe("It all costs 420 cents.");
    } finally {
      await browser.close();
    }
    return "";
  }

  /** The short way, in a folder of its own: what it writes would be in the way of the rest of the page. */
  async function followInit(commands: readonly string[]): Promise<void> {
    using own = packedProject(tarballs);
    for (const command of commands) {
      const isInstall = command.startsWith("npm install ");
      output = await (isInstall ? own.install(command.replace("npm install ", "")) : own.run(command));
    }
    expect(own.list("gen").filter((file) => /_restate\.(js|ts)$/.test(file))).not.toEqual([]);
  }

  async function follow(block: CodeBlock): Promise<void> {
    if (block.language === "sh" && block.text.includes("restate-connect init")) {
      await followInit(commandsOf(block));
    } else if (block.fileName !== undefined) {
      project.write(block.fileName, block.text.replaceAll("http://localhost:8080", ingressUrl));
    } else if (block.language === "text") {
      expect(output).toBe(block.text);
    } else if (block.language === "sh") {
      for (const command of commandsOf(block)) {
        const known = commands.find(([pattern]) => pattern.test(command));
        if (known === undefined) {
          throw new Error(`${block.place}: add a rule for the command ${command}`);
        }
        output = await known[1](command);
      }
    } else {
      throw new Error(`${block.place}: add a rule for blocks in ${block.language}`);
    }
  }

  for (const block of codeBlocks(gettingStarted)) {
    const title = block.fileName ?? block.text.trim().split("\n").join("; ");
    it(`${block.place} ${title}`, () => follow(block), 180_000);
  }
});

describe("the packed packages", () => {
  it("hold what they need and no more", () => {
    const files = project.list("node_modules/restate-connect");
    expect(files).toContain("proto/dev/restate/ext.proto");
    expect(files).toContain("dist/src/cli/bin.js");
    expect(files).toContain("LICENSE");
    expect(files).toContain("README.md");
    expect(files.filter((file) => /(^|\/)(test|bench|examples|org)\/|\.test\./.test(file))).toEqual([]);
    const generator = project.list("node_modules/protoc-gen-restate-es");
    expect(generator).toContain("dist/codegen/bin.js");
    expect(generator.filter((file) => !file.startsWith("dist/")).sort()).toEqual([
      "LICENSE",
      "README.md",
      "package.json",
    ]);
  });

  it.each(["restate-connect", "protoc-gen-restate-es"])(
    "%s says nothing in its package.json of files that it does not have",
    (name) => {
      const manifest = JSON.parse(project.read(`node_modules/${name}/package.json`)) as {
        scripts: Record<string, string>;
      };
      expect(Object.keys(manifest).filter((key) => /workspaces|allowScripts|scarf/.test(key))).toEqual([]);
      const onInstall = ["preinstall", "install", "postinstall", "prepare"];
      expect(Object.keys(manifest.scripts).filter((key) => onInstall.includes(key))).toEqual([]);
    },
  );

  it("have a map for each compiled file, and the sources of the maps", () => {
    const files = new Set(project.list("node_modules/restate-connect"));
    const written = "dist/cjs/src/testing/start-environment.js"; // by scripts/finish-cjs.ts
    const built = [...files].filter(
      (file) => /^dist\/(?!console\/).*(?<!\.d)\.(js|ts)$/.test(file) && file !== written,
    );
    expect(built.length).toBeGreaterThan(50);
    expect(built.filter((file) => !files.has(`${file}.map`))).toEqual([]);
    const sources = built.map((file) => file.replace(/^dist\/(cjs\/)?/, "").replace(/\.js$/, ".ts"));
    expect(sources.filter((file) => !files.has(file))).toEqual([]);
  });

  it("print their version", async () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
      version: string;
    };
    expect(await project.run("npx restate-connect --version")).toBe(`${version}\n`);
    expect(await project.run("npx protoc-gen-restate-es --version")).toContain(version);
  });

  it("have entry points that load, each by itself", async () => {
    for (const entry of [
      "",
      "/codegen",
      "/json",
      "/web",
      "/node",
      "/ingress",
      "/engine",
      "/reflection",
      "/testing",
    ]) {
      const script = `import("restate-connect${entry}").then((m) => console.log(Object.keys(m).length > 0))`;
      expect(await project.run(`node --eval '${script}'`), entry).toBe("true\n");
    }
  });

  it("have the metrics of Prometheus", async () => {
    project.write(
      "metrics.mjs",
      `import { embedded } from "restate-connect/engine";
      import { createIngress } from "restate-connect/ingress";
      const ingress = createIngress({ services: [], engine: embedded({ path: "metrics-data" }) });
      const { adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
      for (const accept of ["text/plain", "application/openmetrics-text"]) {
        console.log(await (await fetch(adminUrl + "/metrics", { headers: { accept } })).text());
      }
      await ingress.close();`,
    );
    const output = await project.run("node metrics.mjs");
    expect(output.match(/^restate_connect_engine_up 1$/gm)).toHaveLength(2);
    expect(output).toMatch(/^# EOF$/m);
  });

  it("say what tracing needs, and trace once that is installed", async () => {
    const load = `import("restate-connect/opentelemetry").then((m) => console.log(Object.keys(m).join()))`;
    await expect(project.run(`node --eval '${load}'`)).rejects.toThrow(
      /Cannot find package '@opentelemetry\/api' imported from .*restate-connect/,
    );
    await expect(project.run("npx restate-connect serve services.ts --tracing")).rejects.toThrow(
      "--tracing needs the API of OpenTelemetry: npm install @opentelemetry/api",
    );
    await project.install("@opentelemetry/api");
    expect(await project.run(`node --eval '${load}'`)).toBe("clientTracing,serverTracing\n");
    const require = `console.log(Object.keys(require("restate-connect/opentelemetry")).join())`;
    expect(await project.run(`node --eval '${require}'`)).toBe("clientTracing,serverTracing\n");
  });

  it("have declarations that a strict app can check, in Node", async () => {
    project.write("tsconfig.strict.json", tsconfig({ module: "nodenext", types: ["node"] }, ["*.ts"]));
    await project.run("npx tsc --project tsconfig.strict.json");
  });

  it("have declarations that a strict page can check, without those of Node", async () => {
    const options = { module: "esnext", moduleResolution: "bundler", types: [] };
    project.write("web/tsconfig.json", tsconfig(options, ["*.ts"]));
    await project.run("npx tsc --project web");
  });

  it("go into a page without any Node module", async () => {
    await project.run("npx vite build web --logLevel error");
    const scripts = project.list("web/dist").filter((file) => file.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      expect(project.read(`web/dist/${script}`)).not.toMatch(/\bBuffer\b|\bprocess\.|node:|__vite-browser/);
    }
  });

  it("find service() calls with the compiler of the app, once that is installed", async () => {
    await project.install("--save-dev ts-morph");
    const scaffold = "npx restate-connect scaffold services.ts --dry-run";
    expect(await project.run(scaffold)).toBe("no handler is missing in 1 service() call\n");
  });

  it("generate TypeScript that a strict app can check", async () => {
    const yaml = project.read("buf.gen.yaml");
    project.write(
      "ts/buf.gen.yaml",
      yaml.replaceAll("[import_extension=js]", "[target=ts, import_extension=js]"),
    );
    await project.run("npx buf generate --template ts/buf.gen.yaml --output ts");
    expect(project.list("ts/gen").sort()).toEqual([
      "dev/restate/ext_pb.ts",
      "shop/v1/basket_pb.ts",
      "shop/v1/basket_restate.ts",
    ]);
    project.write("ts/client.ts", project.read("client.ts"));
    project.write("ts/services.ts", project.read("services.ts"));
    project.write("ts/tsconfig.json", tsconfig({ module: "nodenext", types: ["node"] }, ["**/*.ts"]));
    await project.run("npx tsc --project ts");
  });
});

// What the other pages show of protos and of buf's files. test/readme does the rest of them.
describe("other pages, with the packed packages", () => {
  const shown = pages
    .filter((page) => !followedElsewhere.includes(page))
    .map((page) => join(repository, page))
    .flatMap(codeBlocks);

  it.each(shown.filter(({ language }) => language === "proto"))("$place generates", async ({ text }) => {
    const folder = /^package (.*);$/m.exec(text)?.[1]?.replaceAll(".", "/") ?? "";
    project.write(`proto/${folder}/shown.proto`, text);
    await project.run("npx buf generate");
    expect(project.list(`gen/${folder}`)).toContain("shown_restate.js");
  });

  // YAML of other programs has a file name; test/admin reads it.
  const templates = shown.filter(({ language, fileName }) => language === "yaml" && fileName === undefined);
  it.each(templates)("$place generates", async ({ text }) => {
    expect(text).toMatch(/^# buf\.gen\.yaml$/m);
    project.write("shown.gen.yaml", text);
    await project.run("npx buf generate --template shown.gen.yaml --output shown");
    expect(project.list("shown").filter((file) => /_restate\.(js|ts)$/.test(file))).not.toEqual([]);
  });

  it("docs/testing.md has a test that passes in Vitest", async () => {
    const tests = codeBlocks(join(repository, "docs/testing.md")).filter(
      ({ language, fileName }) => language === "ts" && fileName !== undefined,
    );
    expect(tests).not.toEqual([]);
    const proto = "proto/org/example/counter.proto";
    cpSync(join(repository, proto), join(project.folder, proto));
    await project.run("npx buf generate");
    await project.install("--save-dev vitest");
    for (const { fileName = "", text } of tests) {
      project.write(fileName, text);
      expect(await project.run(`npx vitest run ${fileName}`)).toMatch(/2 passed/);
    }
  }, 120_000);
});

function tsconfig(options: object, include: readonly string[]): string {
  const strict = {
    target: "es2022",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
  };
  return JSON.stringify({ compilerOptions: { ...strict, ...options }, include });
}
