import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse_File,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { GenerateError } from "./generate-error.ts";

/**
 * Runs protoc-gen-es to generate the messages of a request, including those of imported files. Starts the
 * version that is installed where buf runs, in a separate process, as buf does.
 *
 * @throws GenerateError if protoc-gen-es is not installed, or refuses the files.
 */
export function generateMessages(request: CodeGeneratorRequest): readonly CodeGeneratorResponse_File[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [findPlugin()], {
    input: toBinary(CodeGeneratorRequestSchema, withImports(request)),
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (status !== 0) {
    throw new GenerateError(`check=true: protoc-gen-es failed: ${stderr}`);
  }
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== "") {
    throw new GenerateError(`check=true: protoc-gen-es: ${response.error}`);
  }
  return response.file;
}

/** Excludes the well-known types, which `@bufbuild/protobuf` contains. */
function withImports(request: CodeGeneratorRequest): CodeGeneratorRequest {
  const names = request.protoFile.map((file) => file.name);
  const isGenerated = (name: string) =>
    request.fileToGenerate.includes(name) || !name.startsWith("google/protobuf/");
  return { ...request, fileToGenerate: names.filter(isGenerated) };
}

function findPlugin(): string {
  const require = createRequire(join(process.cwd(), "buf.gen.yaml"));
  try {
    return require.resolve("@bufbuild/protoc-gen-es/bin/protoc-gen-es");
  } catch (cause) {
    throw new GenerateError(
      "check=true needs protoc-gen-es, which is not installed here: npm install --save-dev @bufbuild/protoc-gen-es",
      { cause },
    );
  }
}
