import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { generate } from "../../codegen/plugin.ts";

/** The repository's root. */
export const root = join(import.meta.dirname, "../..");

/** Where Restate's options are declared, in `proto/`. */
export const optionFiles = ["dev/restate/ext.proto", "dev/restate/sdk/go.proto"];

/** A folder that goes away with its scope. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** Files by their path. */
export type Files = Readonly<Record<string, string>>;

/** A new folder outside of the repository, with files in it. */
export async function temporaryFolder(files: Files = {}): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "restate-connect-"));
  await writeFiles(path, files);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Compiles proto files with buf, and asks for code for these files; Restate's options are there to import. */
export async function compileProto(files: Files, parameter = ""): Promise<CodeGeneratorRequest> {
  return requestFor(await compileOnce(files), Object.keys(files), parameter);
}

const compiled = new Map<string, Promise<FileDescriptorSet>>();

function compileOnce(files: Files): Promise<FileDescriptorSet> {
  const key = JSON.stringify(files);
  const image = compiled.get(key) ?? compileFiles(files);
  compiled.set(key, image);
  return image;
}

async function compileFiles(files: Files): Promise<FileDescriptorSet> {
  await using folder = await temporaryFolder(files);
  for (const name of optionFiles) {
    await cp(join(root, "proto", name), join(folder.path, name));
  }
  return await compileFolder(folder.path);
}

/** Compiles the proto files of a folder with buf. */
export async function compileFolder(folder: string): Promise<FileDescriptorSet> {
  const { stdout } = await execute("buf", ["build", folder, "-o", "-"]);
  return fromBinary(FileDescriptorSetSchema, stdout);
}

/** What buf asks a plugin for. */
export function requestFor(
  image: FileDescriptorSet,
  fileToGenerate: string[],
  parameter: string,
): CodeGeneratorRequest {
  return create(CodeGeneratorRequestSchema, { fileToGenerate, parameter, protoFile: image.file });
}

/** Generates from proto files in this process. */
export async function generateFrom(files: Files, parameter: string): Promise<Files> {
  return filesOf(await compileProto(files, parameter));
}

/** Generates in this process. Fails where the plugin has an error for the user. */
export async function filesOf(request: CodeGeneratorRequest): Promise<Files> {
  const { file, error } = await generate(request);
  if (error !== "") {
    throw new Error(error);
  }
  return Object.fromEntries(file.map(({ name, content }) => [name, content]));
}

/** The lines the plugin has for the user, instead of code. */
export async function errorFrom(files: Files, parameter = ""): Promise<string[]> {
  const { file, error } = await generate(await compileProto(files, parameter));
  if (file.length > 0) {
    throw new Error(`generated ${file.map(({ name }) => name).join(", ")}`);
  }
  return error.trim().split("\n");
}

/** Runs one of the project's tools. Rejects with its output where it ends with another code than 0. */
export async function execute(
  tool: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
  const bin = join(root, "node_modules/.bin");
  try {
    const { stdout, stderr } = await promisify(execFile)(join(bin, tool), args, {
      cwd: options.cwd ?? root,
      encoding: "buffer",
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...options.env },
    });
    return { stdout, stderr: stderr.toString() };
  } catch (reason) {
    const { stdout, stderr } = reason as { stdout: Buffer; stderr: Buffer };
    throw new Error(`${tool} ${args.join(" ")}:\n${stdout}${stderr}`, { cause: reason });
  }
}
