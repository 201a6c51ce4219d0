import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescFile } from "@bufbuild/protobuf";
import { connected, ingressServer } from "../connection.ts";
import { projectKind } from "../project/kind.ts";
import { copyProtos } from "../project/protos.ts";
import { bufGenYaml, bufYaml } from "../project/templates.ts";
import { filesOf } from "../request/reflect.ts";
import { listServices, reflectionClient } from "../request/reflection-client.ts";
import { UsageError } from "../usage-error.ts";
import { printProto } from "./print-proto.ts";

/** The options of `restate-connect pull`. */
export interface PullOptions {
  readonly out: string;
  readonly service?: readonly string[] | undefined;
  /** False: write the protos only. */
  readonly generate: boolean;
}

/** Services of every restate-connect server: their clients are part of the package. */
const builtIn = /^(grpc\.|dev\.restate\.|restateconnect\.)/;

/** Files that buf has, or that `copyProtos` writes with their comments. */
const wellKnown = /^(google\/protobuf|dev\/restate)\//;

const header = "// Pulled by restate-connect pull";

/**
 * Writes the protos of a running server's services, which it gives by gRPC reflection, and generates clients.
 *
 * @throws UsageError when the server has no reflection, or a file would overwrite one that was not pulled.
 */
export async function pull(url: string, { out, service, generate }: PullOptions): Promise<void> {
  const files = await connected(url, ingressServer, () => reflectedFiles(url, service));
  for (const { path } of await copyProtos(out)) {
    say(path);
  }
  for (const file of files) {
    const path = join(out, file.path);
    await refuseOverwrite(path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${header} from ${url}. Pull again instead of editing.\n${file.text}`);
    say(path);
  }
  if (!generate) {
    return;
  }
  for (const [path, text] of [
    ["buf.yaml", bufYaml(out)],
    ["buf.gen.yaml", bufGenYaml(projectKind(process.cwd()), out)],
  ] as const) {
    if (!existsSync(path)) {
      await writeFile(path, text);
      say(path);
    }
  }
  const generator = await import("../project/generate.ts");
  await generator.generate({});
}

interface PulledFile {
  /** Below the root of the protos. */
  readonly path: string;
  readonly text: string;
}

async function reflectedFiles(
  url: string,
  wanted: readonly string[] | undefined,
): Promise<readonly PulledFile[]> {
  const client = await reflectionClient(url);
  const services = wanted ?? (await listServices(client)).filter((name) => !builtIn.test(name));
  if (services.length === 0) {
    throw new UsageError(`${url} has no services of its own`);
  }
  const registry = await filesOf(client, services);
  const files = [...registry.files].filter(({ proto }) => !wellKnown.test(proto.name));
  return files.map((file: DescFile) => ({ path: file.proto.name, text: printProto(file.proto, registry) }));
}

async function refuseOverwrite(path: string): Promise<void> {
  if (existsSync(path) && !(await readFile(path, "utf8")).startsWith(header)) {
    throw new UsageError(
      `${path} exists and was not pulled: choose another folder with --out, or remove the file`,
    );
  }
}

function say(path: string): void {
  process.stdout.write(`wrote  ${path}\n`);
}
