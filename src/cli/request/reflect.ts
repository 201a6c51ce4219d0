import { createFileRegistry, type DescService, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { nameHint } from "../../model/closest.ts";
import {
  askReflection,
  listServices,
  type Question,
  type ReflectionClient,
  reflectionClient,
} from "./reflection-client.ts";

/** A service of a running server, and all messages that its files know. */
export interface Reflection {
  readonly service: DescService;
  readonly registry: FileRegistry;
}

/**
 * Asks a server for the descriptor of a service, with Restate's options, by gRPC reflection.
 *
 * @throws ConnectError `not_found` when the server has no such service, with the names that it has; UsageError when
 *   the server has no reflection.
 */
export async function reflect(baseUrl: string, name: string): Promise<Reflection> {
  const client = await reflectionClient(baseUrl);
  const registry = await filesOf(client, [name]);
  const service = registry.getService(name);
  if (service === undefined) {
    throw unknownService(name, await listServices(client));
  }
  return { service, registry };
}

/**
 * The files that define services, and all files that these import.
 *
 * @throws ConnectError `not_found` for a service that the server does not have, with the names that it has.
 */
export async function filesOf(client: ReflectionClient, services: readonly string[]): Promise<FileRegistry> {
  const files = new Map<string, FileDescriptorProto>();
  const roots = [];
  for (const service of services) {
    const question = { case: "fileContainingSymbol", value: service } as const;
    const answered = await askForFiles(client, question, files).catch(async (reason: unknown) => {
      throw ConnectError.from(reason).code === Code.NotFound
        ? unknownService(service, await listServices(client))
        : reason;
    });
    roots.push(answered.find((file) => contains(file, service)) ?? answered[0]);
  }
  // The loop asks for imports of imports too: a Map yields what is set while it is walked.
  for (const file of files.values()) {
    for (const name of file.dependency) {
      if (!files.has(name)) {
        await askForFiles(client, { case: "fileByFilename", value: name }, files);
      }
    }
  }
  const registries = roots
    .filter((root) => root !== undefined)
    .map((root) => createFileRegistry(root, (name) => files.get(name)));
  return createFileRegistry(...registries);
}

async function askForFiles(
  client: ReflectionClient,
  question: Question,
  files: Map<string, FileDescriptorProto>,
): Promise<readonly FileDescriptorProto[]> {
  const response = await askReflection(client, question);
  if (response.case !== "fileDescriptorResponse") {
    throw new ConnectError(`reflection gave no file for ${String(question.value)}`, Code.Internal);
  }
  const answered = response.value.fileDescriptorProto.map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  for (const file of answered) {
    files.set(file.name, file);
  }
  return answered;
}

function unknownService(name: string, names: readonly string[]): ConnectError {
  const own = names.filter((known) => !/^(grpc\.|dev\.restate\.|restateconnect\.)/.test(known));
  const hint = nameHint(name, own) ?? "it has no services of its own";
  return new ConnectError(`the server has no service ${name}; ${hint}`, Code.NotFound);
}

function contains(file: FileDescriptorProto, service: string): boolean {
  const prefix = file.package === "" ? "" : `${file.package}.`;
  return file.service.some(({ name }) => `${prefix}${name}` === service);
}
