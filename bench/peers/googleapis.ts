import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("./node_modules/google-proto-files/", import.meta.url));
const cache = fileURLToPath(new URL("./node_modules/.cache/googleapis-services.binpb", import.meta.url));

/**
 * What buf asks a plugin for when it generates code for all files of googleapis that have services. Compiling
 * the .proto files takes buf ten seconds: the result is kept.
 */
export function googleapisRequest(progress: (line: string) => void): CodeGeneratorRequest {
  if (!existsSync(cache)) {
    progress("compiling googleapis, once");
    compile();
  }
  return fromBinary(CodeGeneratorRequestSchema, readFileSync(cache));
}

function compile(): void {
  // The package ships tests of Protobuf itself too, without the files that they import.
  const config = { version: "v2", modules: [{ path: ".", excludes: ["google/protobuf"] }] };
  const args = ["build", "--as-file-descriptor-set", "--config", JSON.stringify(config), "--output", "-"];
  const image = execFileSync(require.resolve("@bufbuild/buf/bin/buf"), args, {
    cwd: folder,
    maxBuffer: 2 ** 30,
  });
  const { file } = fromBinary(FileDescriptorSetSchema, image);
  const fileToGenerate = file.filter(({ service }) => service.length > 0).map(({ name }) => name);
  const protoFile = withImports(file, fileToGenerate);
  const request = create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile: [...protoFile] });
  mkdirSync(new URL(".", `file://${cache}`), { recursive: true });
  writeFileSync(cache, toBinary(CodeGeneratorRequestSchema, request));
}

/** Some files and all that they import, in the order that they came in. */
function withImports(
  files: readonly FileDescriptorProto[],
  names: readonly string[],
): readonly FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const needed = new Set<string>();
  const add = (name: string): void => {
    if (!needed.has(name)) {
      needed.add(name);
      byName.get(name)?.dependency.forEach(add);
    }
  };
  names.forEach(add);
  return files.filter(({ name }) => needed.has(name));
}
