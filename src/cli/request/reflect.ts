import {
  createFileRegistry,
  type DescService,
  type FileRegistry,
  fromBinary,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { type Client, Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import {
  ServerReflection,
  type ServerReflectionRequestSchema,
} from "../../../generated/grpc/reflection/v1/reflection_pb.ts";
import { nameHint } from "../../model/closest.ts";
import { createTransport } from "../../transport/node.ts";

/** A service of a running server, and all messages that its files know. */
export interface Reflection {
  readonly service: DescService;
  readonly registry: FileRegistry;
}

/**
 * Asks a server for the descriptor of a service, with Restate's options, by gRPC reflection.
 *
 * @throws ConnectError `not_found` when the server has no such service, with the names that it has.
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

/** A client for reflection: v1, or v1alpha for servers that know nothing newer. The messages are the same. */
export type ReflectionClient = Client<typeof ServerReflection>;

/** Makes a client for the version of reflection that the server has. */
export async function reflectionClient(baseUrl: string): Promise<ReflectionClient> {
  const client = clientWith(baseUrl, []);
  try {
    await listServices(client);
    return client;
  } catch (reason) {
    if (ConnectError.from(reason).code !== Code.Unimplemented) {
      throw reason;
    }
    return clientWith(baseUrl, [useV1alpha]);
  }
}

function clientWith(baseUrl: string, interceptors: Interceptor[]): ReflectionClient {
  return createClient(ServerReflection, createTransport({ baseUrl, protocol: "grpc", interceptors }));
}

const useV1alpha: Interceptor = (next) => (request) =>
  next({
    ...request,
    url: request.url.replace("/grpc.reflection.v1.", "/grpc.reflection.v1alpha."),
  } as typeof request);

/** The names of the services of a server, sorted. */
export async function listServices(client: ReflectionClient): Promise<readonly string[]> {
  const response = await ask(client, { case: "listServices", value: "" });
  return response.case === "listServicesResponse"
    ? response.value.service.map(({ name }) => name).toSorted()
    : [];
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

type Question = NonNullable<MessageInitShape<typeof ServerReflectionRequestSchema>["messageRequest"]>;

async function askForFiles(
  client: ReflectionClient,
  question: Question,
  files: Map<string, FileDescriptorProto>,
): Promise<readonly FileDescriptorProto[]> {
  const response = await ask(client, question);
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

async function ask(client: ReflectionClient, messageRequest: Question) {
  for await (const { messageResponse } of client.serverReflectionInfo(once({ messageRequest }))) {
    if (messageResponse.case === "errorResponse") {
      throw new ConnectError(messageResponse.value.errorMessage, messageResponse.value.errorCode);
    }
    return messageResponse;
  }
  throw new ConnectError("reflection ended without a response", Code.Internal);
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

async function* once<T>(value: T): AsyncIterable<T> {
  yield value;
}
