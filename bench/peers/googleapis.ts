import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("./node_modules/google-proto-files/", import.meta.url));
const cache = fileURLToPath(new URL("./node_modules/.cache/googleapis.binpb", import.meta.url));

/**
 * What buf asks a plugin for when it generates code for all of googleapis. Compiling the .proto files takes buf
 * ten seconds: the result is kept.
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
  const names = file.map(({ name }) => name).filter((name) => !name.startsWith("google/protobuf/"));
  const request = create(CodeGeneratorRequestSchema, { fileToGenerate: names, protoFile: file });
  mkdirSync(new URL(".", `file://${cache}`), { recursive: true });
  writeFileSync(cache, toBinary(CodeGeneratorRequestSchema, request));
}
