import { createFileRegistry, type DescService, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  ServerReflection,
  type ServerReflectionRequestSchema,
} from "../../generated/grpc/reflection/v1/reflection_pb.ts";
import { createTransport } from "../transport/node.ts";

type Question = NonNullable<MessageInitShape<typeof ServerReflectionRequestSchema>["messageRequest"]>;

/**
 * Asks a server for the descriptor of a service, with Restate's options, by gRPC reflection.
 *
 * @throws ConnectError `not_found` when the server has no such service.
 */
export async function reflectService(baseUrl: string, service: string): Promise<DescService> {
  const client = createClient(ServerReflection, createTransport({ baseUrl, protocol: "grpc" }));
  const files = new Map<string, FileDescriptorProto>();
  const root = await ask({ case: "fileContainingSymbol", value: service });
  for (const missing of missingImports()) {
    await ask({ case: "fileByFilename", value: missing });
  }
  const found = createFileRegistry(root, (name) => files.get(name)).getService(service);
  if (found === undefined) {
    throw new ConnectError(`${service} is not a service`, Code.NotFound);
  }
  return found;

  /** Keeps the files of the answer and returns the first, the one that was asked for. */
  async function ask(messageRequest: Question): Promise<FileDescriptorProto> {
    for await (const { messageResponse } of client.serverReflectionInfo(once({ messageRequest }))) {
      if (messageResponse.case === "errorResponse") {
        throw new ConnectError(messageResponse.value.errorMessage, messageResponse.value.errorCode);
      }
      if (messageResponse.case === "fileDescriptorResponse") {
        const answered = messageResponse.value.fileDescriptorProto.map((bytes) =>
          fromBinary(FileDescriptorProtoSchema, bytes),
        );
        for (const file of answered) {
          files.set(file.name, file);
        }
        const wanted = answered.find((file) => contains(file, service)) ?? answered[0];
        if (wanted !== undefined) {
          return wanted;
        }
      }
      break;
    }
    throw new ConnectError(`reflection gave no file for ${messageRequest.value}`, Code.Internal);
  }

  /** Imports that no answer has held yet; more may turn up while the caller asks for them. */
  function* missingImports(): Iterable<string> {
    for (const file of files.values()) {
      for (const name of file.dependency) {
        if (!files.has(name)) {
          yield name;
        }
      }
    }
  }
}

function contains(file: FileDescriptorProto, service: string): boolean {
  const prefix = file.package === "" ? "" : `${file.package}.`;
  return file.service.some(({ name }) => `${prefix}${name}` === service);
}

async function* once<T>(value: T): AsyncIterable<T> {
  yield value;
}
