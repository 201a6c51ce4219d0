import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import {
  ServerReflection,
  type ServerReflectionRequestSchema,
} from "../../../generated/grpc/reflection/v1/reflection_pb.ts";
import { createTransport } from "../../transport/node.ts";
import { UsageError } from "../usage-error.ts";

/** Reflection answers from memory: a server that takes longer will not answer. ms. */
const requestTimeoutMs = 10_000;

/** A client for reflection: v1, or v1alpha for servers that know nothing newer. The messages are the same. */
export type ReflectionClient = Client<typeof ServerReflection>;

/**
 * Makes a client for the version of reflection that the server has.
 *
 * @throws UsageError when the server has no reflection, or does not speak HTTP/2, which reflection needs.
 */
export async function reflectionClient(baseUrl: string): Promise<ReflectionClient> {
  for (const interceptors of [[], [useV1alpha]]) {
    const client = clientWith(baseUrl, interceptors);
    if (await hasReflection(client, baseUrl)) {
      return client;
    }
  }
  throw new UsageError(
    `${baseUrl} has no gRPC reflection, so its services are not known. Turn it on there: grpcreflect for connect-go, ` +
      "reflection.Register for grpc-go, restate-connect/reflection for Connect-ES. A Restate server has no gRPC " +
      "reflection: use the URL of an ingress of restate-connect instead",
  );
}

async function hasReflection(client: ReflectionClient, baseUrl: string): Promise<boolean> {
  try {
    await listServices(client);
    return true;
  } catch (reason) {
    if (speaksNoHttp2(reason)) {
      throw new UsageError(
        `${baseUrl} does not speak HTTP/2, which gRPC reflection needs. Serve HTTP/2 there: over http:// a Go server ` +
          "needs Protocols.SetUnencryptedHTTP2(true)",
        { cause: reason },
      );
    }
    if (ConnectError.from(reason).code === Code.Unimplemented) {
      return false;
    }
    throw reason;
  }
}

/** Node's code for a response that is not HTTP/2. Connect wraps the error of a stream. */
function speaksNoHttp2(reason: unknown): boolean {
  return (
    reason instanceof Error &&
    (("code" in reason && reason.code === "ERR_HTTP2_ERROR") || speaksNoHttp2(reason.cause))
  );
}

function clientWith(baseUrl: string, interceptors: Interceptor[]): ReflectionClient {
  return createClient(
    ServerReflection,
    createTransport({ baseUrl, protocol: "grpc", interceptors, defaultTimeoutMs: requestTimeoutMs }),
  );
}

const useV1alpha: Interceptor = (next) => (request) =>
  next({
    ...request,
    url: request.url.replace("/grpc.reflection.v1.", "/grpc.reflection.v1alpha."),
  } as typeof request);

/** The names of the services of a server, sorted. */
export async function listServices(client: ReflectionClient): Promise<readonly string[]> {
  const response = await askReflection(client, { case: "listServices", value: "" });
  return response.case === "listServicesResponse"
    ? response.value.service.map(({ name }) => name).toSorted()
    : [];
}

/** What can be asked of reflection. */
export type Question = NonNullable<MessageInitShape<typeof ServerReflectionRequestSchema>["messageRequest"]>;

/**
 * Asks one question.
 *
 * @throws ConnectError with the server's own code, such as `not_found` for a symbol that it does not know.
 */
export async function askReflection(client: ReflectionClient, messageRequest: Question) {
  for await (const { messageResponse } of client.serverReflectionInfo(once({ messageRequest }))) {
    if (messageResponse.case === "errorResponse") {
      throw new ConnectError(messageResponse.value.errorMessage, messageResponse.value.errorCode);
    }
    return messageResponse;
  }
  throw new ConnectError("reflection ended without a response", Code.Internal);
}

async function* once<T>(value: T): AsyncIterable<T> {
  yield value;
}
