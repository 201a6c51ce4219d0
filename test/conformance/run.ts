import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { descriptorSetVariable } from "./stdio.ts";
import { conformanceSuite, NoSuiteError, type Suite } from "./suite.ts";

// Runs the official Connect conformance suite against our ingress and our transports. Arguments choose
// subjects by name; options after "--" go to the runner, for example: npm run conformance -- node-client -- --trace

/** What the suite is run against. */
interface Subject {
  readonly name: string;
  readonly mode: "client" | "server";
  readonly program: string;
  readonly features: string;
}

const subjects: readonly Subject[] = [
  { name: "ingress", mode: "server", program: "ingress.ts", features: "ingress.yaml" },
  { name: "node-client", mode: "client", program: "node-client.ts", features: "node-client.yaml" },
  { name: "web-client", mode: "client", program: "web-client.ts", features: "web-client.yaml" },
];

const separator = process.argv.indexOf("--", 2);
const names = process.argv.slice(2, separator < 0 ? undefined : separator);
const runnerOptions = separator < 0 ? [] : process.argv.slice(separator + 1);
process.exitCode = await main();

async function main(): Promise<number> {
  const unknown = names.find((name) => !subjects.some((subject) => subject.name === name));
  if (unknown !== undefined) {
    console.error(
      `conformance: no subject ${unknown}: choose of ${subjects.map(({ name }) => name).join(", ")}`,
    );
    return 2;
  }
  try {
    const suite = await conformanceSuite();
    const reports: string[] = [];
    let failed = false;
    for (const subject of subjects.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const { code, counts } = await runSubject(suite, subject);
      failed ||= code !== 0;
      reports.push(`conformance ${suite.version} ${subject.name}: ${counts}`);
    }
    console.log(reports.join("\n"));
    return failed ? 1 : 0;
  } catch (reason) {
    if (reason instanceof NoSuiteError) {
      console.error(`conformance: not run, ${reason.message}`);
      return 1;
    }
    throw reason;
  }
}

async function runSubject(
  suite: Suite,
  { mode, program, features }: Subject,
): Promise<{ readonly code: number; readonly counts: string }> {
  const runner = spawn(
    suite.runner,
    [
      ...["--mode", mode, "--conf", path(features), ...runnerOptions, "--"],
      ...[process.execPath, "--conditions=@restate-connect/source", path(program)],
    ],
    {
      env: { ...process.env, [descriptorSetVariable]: suite.descriptorSet },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  for await (const chunk of runner.stdout.setEncoding("utf8") as AsyncIterable<string>) {
    process.stdout.write(chunk);
    output += chunk;
  }
  const code = await new Promise<number>((resolve) => {
    if (runner.exitCode !== null) {
      resolve(runner.exitCode);
    } else {
      runner.once("close", (exitCode) => resolve(exitCode ?? 1));
    }
  });
  // A run that ended before its summary has run nothing that counts.
  const [, total, passed, failures] = /Total cases: (\d+)\n(\d+) passed, (\d+) failed/.exec(output) ?? [];
  return total === undefined || Number(total) === 0
    ? { code: 1, counts: "no case was run" }
    : { code, counts: `${total} cases, ${passed} passed, ${failures} failed` };
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
