import {
  createFileRegistry,
  type DescService,
  type FileRegistry,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type {
  ClientCompatRequest,
  ClientCompatResponse,
  ConformancePayload,
  RequestInfo,
  ServerCompatRequest,
  ServerCompatResponse,
} from "./messages.ts";

/** The suite's messages and service. */
export interface Schemas {
  /** Every message type of the suite, for `google.protobuf.Any`. */
  readonly registry: FileRegistry;
  readonly service: DescService;
  readonly clientRequest: GenMessage<ClientCompatRequest>;
  readonly clientResponse: GenMessage<ClientCompatResponse>;
  readonly serverRequest: GenMessage<ServerCompatRequest>;
  readonly serverResponse: GenMessage<ServerCompatResponse>;
  readonly payload: GenMessage<ConformancePayload>;
  readonly requestInfo: GenMessage<RequestInfo>;
}

/** Reads the suite's schemas from its descriptor set. */
export function readSchemas(descriptorSet: Uint8Array): Schemas {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const service = registry.getService("connectrpc.conformance.v1.ConformanceService");
  if (service === undefined) {
    throw new Error("the descriptor set is not that of the conformance suite: it has no ConformanceService");
  }
  function schema<T extends Message>(name: T["$typeName"]): GenMessage<T> {
    const found = registry.getMessage(name);
    if (found === undefined) {
      throw new Error(`the conformance suite has no ${name}: is it another version?`);
    }
    // messages.ts says what the suite's schema of this name says.
    return found as unknown as GenMessage<T>;
  }
  return {
    registry,
    service,
    clientRequest: schema<ClientCompatRequest>("connectrpc.conformance.v1.ClientCompatRequest"),
    clientResponse: schema<ClientCompatResponse>("connectrpc.conformance.v1.ClientCompatResponse"),
    serverRequest: schema<ServerCompatRequest>("connectrpc.conformance.v1.ServerCompatRequest"),
    serverResponse: schema<ServerCompatResponse>("connectrpc.conformance.v1.ServerCompatResponse"),
    payload: schema<ConformancePayload>("connectrpc.conformance.v1.ConformancePayload"),
    requestInfo: schema<RequestInfo>("connectrpc.conformance.v1.ConformancePayload.RequestInfo"),
  };
}

/** Takes the streaming methods out of the services of a descriptor set. */
export function withoutStreaming(descriptorSet: Uint8Array): Uint8Array {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet);
  for (const service of set.file.flatMap((file) => file.service)) {
    service.method = service.method.filter((method) => !method.clientStreaming && !method.serverStreaming);
  }
  return toBinary(FileDescriptorSetSchema, set);
}
