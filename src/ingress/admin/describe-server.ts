import {
  create,
  type DescFile,
  type DescService,
  fromBinary,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { DescribeServerResponseSchema } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { packageVersion } from "../../package.ts";

/** What {@link describeServer} describes. */
export interface ServerDescription {
  readonly services: readonly DescService[];
  /** The name of the engine. */
  readonly engine: string;
  readonly ingressUrl: string;
  /** Whether the ingress asks who its callers are. */
  readonly authenticates: boolean;
  /** A `google.protobuf.FileDescriptorSet` with the comments of the services. */
  readonly fileDescriptorSet: Uint8Array | undefined;
}

/**
 * The answer to `DescribeServer`. It does not change while the server runs.
 *
 * @throws Error when `fileDescriptorSet` is malformed.
 */
export function describeServer({
  services,
  fileDescriptorSet,
  ...about
}: ServerDescription): MessageInitShape<typeof DescribeServerResponseSchema> {
  const withComments = readFiles(fileDescriptorSet);
  const commentsOf = (name: string): Pick<FileDescriptorProto, "sourceCodeInfo"> => {
    const sourceCodeInfo = withComments.get(name)?.sourceCodeInfo;
    return sourceCodeInfo === undefined ? {} : { sourceCodeInfo };
  };
  return {
    ...about,
    version: packageVersion(),
    services: services.map(({ typeName }) => typeName),
    files: create(FileDescriptorSetSchema, {
      file: filesOf(services).map(({ proto }) => ({ ...proto, ...commentsOf(proto.name) })),
    }),
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

/** The files of these services and all that they import, each behind its own imports. */
function filesOf(services: readonly DescService[]): readonly DescFile[] {
  const files = new Map<string, DescFile>();
  const add = (file: DescFile): void => {
    if (!files.has(file.name)) {
      file.dependencies.forEach(add);
      files.set(file.name, file);
    }
  };
  for (const { file } of services) {
    add(file);
  }
  return [...files.values()];
}
