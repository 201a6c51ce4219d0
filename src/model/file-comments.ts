import { create, type DescFile, fromBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** Describes a file, with its comments if they are known: generated code does not hold them. */
export type DescribeFile = (file: DescFile) => FileDescriptorProto;

/**
 * Reads the comments of .proto files from a `google.protobuf.FileDescriptorSet`. Undefined: there are none.
 *
 * @throws Error when `fileDescriptorSet` is malformed.
 */
export function describeFiles(fileDescriptorSet: Uint8Array | undefined): DescribeFile {
  const withComments = readFiles(fileDescriptorSet);
  return ({ proto }) => {
    const sourceCodeInfo = withComments.get(proto.name)?.sourceCodeInfo;
    return sourceCodeInfo === undefined
      ? proto
      : create(FileDescriptorProtoSchema, { ...proto, sourceCodeInfo });
  };
}

function readFiles(bytes: Uint8Array | undefined): ReadonlyMap<string, FileDescriptorProto> {
  if (bytes === undefined) {
    return new Map();
  }
  try {
    return new Map(fromBinary(FileDescriptorSetSchema, bytes).file.map((file) => [file.name, file]));
  } catch (cause) {
    throw new Error(
      "fileDescriptorSet is not a google.protobuf.FileDescriptorSet: write one with `buf build --output image.binpb`",
      { cause },
    );
  }
}
