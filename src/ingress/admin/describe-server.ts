import { create, type DescFile, type DescService, type MessageInitShape } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { DescribeServerResponseSchema } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { describeFiles } from "../../model/file-comments.ts";
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
  return {
    ...about,
    version: packageVersion(),
    services: services.map(({ typeName }) => typeName),
    files: create(FileDescriptorSetSchema, { file: filesOf(services).map(describeFiles(fileDescriptorSet)) }),
  };
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
