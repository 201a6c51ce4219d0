import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_empty,
  file_google_protobuf_struct,
} from "@bufbuild/protobuf/wkt";

/** The suite's files, each behind those that it imports. */
const files = ["config", "service", "server_compat", "client_compat"].map(
  (name) => `connectrpc/conformance/v1/${name}.proto`,
);

/** Numbers of fields of `google.protobuf.FileDescriptorProto`. */
const nameField = 1;
const syntaxField = 12;

/**
 * The descriptor set of the suite's protos, as the suite's runner carries it: a Go program has the
 * descriptors of the messages that it uses in itself.
 *
 * @throws Error when they are not in the program.
 */
export function descriptorSetIn(program: Buffer): Uint8Array {
  const imported = [file_google_protobuf_any, file_google_protobuf_empty, file_google_protobuf_struct];
  return toBinary(FileDescriptorSetSchema, {
    $typeName: "google.protobuf.FileDescriptorSet",
    file: [...imported.map(({ proto }) => proto), ...files.map((name) => descriptorIn(program, name))],
  });
}

function descriptorIn(program: Buffer, name: string): FileDescriptorProto {
  const start = program.indexOf(Buffer.from([(nameField << 3) | 2, name.length, ...Buffer.from(name)]));
  if (start < 0) {
    throw new Error(
      `the conformance suite's runner carries no descriptor of ${name}: is it another version?`,
    );
  }
  // Its length is not written anywhere: it ends with its syntax, the last field that these files have.
  const reader = new BinaryReader(program.subarray(start));
  let field = 0;
  while (field !== syntaxField) {
    const [number, wireType] = reader.tag();
    reader.skip(wireType, number);
    field = number;
  }
  return fromBinary(FileDescriptorProtoSchema, program.subarray(start, start + reader.pos));
}
