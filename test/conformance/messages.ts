import type { Message } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Code } from "@connectrpc/connect";

// What we use of `connectrpc.conformance.v1`, in protobuf-es's shapes. The schemas themselves come with the
// suite's runner (descriptors.ts), so that none of its files is copied here.

export interface Header {
  readonly name: string;
  readonly value: readonly string[];
}

/** Values are those of the suite's enums. */
export const httpVersion = { http1: 1, http2: 2 } as const;
export const protocol = { connect: 1, grpc: 2, grpcWeb: 3 } as const;
export const codec = { proto: 1, json: 2 } as const;
export const compression = { identity: 1, gzip: 2, br: 3 } as const;

export interface TlsCreds {
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
}

/** One test case for a client: the call to make. */
export interface ClientCompatRequest extends Message<"connectrpc.conformance.v1.ClientCompatRequest"> {
  readonly testName: string;
  readonly httpVersion: number;
  readonly protocol: number;
  readonly codec: number;
  readonly compression: number;
  readonly host: string;
  readonly port: number;
  readonly serverTlsCert: Uint8Array;
  readonly clientTlsCreds?: TlsCreds;
  readonly messageReceiveLimit: number;
  readonly method?: string;
  readonly useGetHttpMethod: boolean;
  readonly requestHeaders: readonly Header[];
  readonly requestMessages: readonly Any[];
  readonly timeoutMs?: number;
  readonly requestDelayMs: number;
  readonly cancel?: {
    readonly cancelTiming:
      | { readonly case: "afterCloseSendMs"; readonly value: number }
      | { readonly case: "beforeCloseSend" | "afterNumResponses" | undefined };
  };
}

/** What a client saw of a call. */
export interface ClientResponseResult {
  responseHeaders?: readonly Header[];
  payloads?: readonly Message[];
  error?: { readonly code: Code; readonly message: string; readonly details: readonly Any[] };
  responseTrailers?: readonly Header[];
}

/** The answer to a {@link ClientCompatRequest}. */
export interface ClientCompatResponse extends Message<"connectrpc.conformance.v1.ClientCompatResponse"> {
  readonly testName: string;
  readonly result:
    | { readonly case: "response"; readonly value: ClientResponseResult }
    | { readonly case: "error"; readonly value: { readonly message: string } };
}

/** How the server under test must listen. */
export interface ServerCompatRequest extends Message<"connectrpc.conformance.v1.ServerCompatRequest"> {
  readonly useTls: boolean;
  readonly clientTlsCert: Uint8Array;
  readonly messageReceiveLimit: number;
  readonly serverCreds?: TlsCreds;
}

/** Where the server under test listens. */
export interface ServerCompatResponse extends Message<"connectrpc.conformance.v1.ServerCompatResponse"> {
  readonly host: string;
  readonly port: number;
  readonly pemCert: Uint8Array;
}

/** Request of `Unary` and `IdempotentUnary`: what to answer. */
export interface UnaryRequest extends Message<"connectrpc.conformance.v1.UnaryRequest"> {
  readonly responseDefinition?: UnaryResponseDefinition;
}

export interface UnaryResponseDefinition {
  readonly responseHeaders: readonly Header[];
  readonly responseTrailers: readonly Header[];
  readonly responseDelayMs: number;
  readonly response:
    | { readonly case: "responseData"; readonly value: Uint8Array }
    | {
        readonly case: "error";
        readonly value: { readonly code: Code; readonly message?: string; readonly details: readonly Any[] };
      }
    | { readonly case: undefined };
}

/** What the server answers: the data it was asked for, and what it saw of the call. */
export interface ConformancePayload extends Message<"connectrpc.conformance.v1.ConformancePayload"> {
  data: Uint8Array;
  requestInfo?: RequestInfo;
}

/** What the server saw of a call. */
export interface RequestInfo extends Message<"connectrpc.conformance.v1.ConformancePayload.RequestInfo"> {
  requestHeaders: readonly Header[];
  timeoutMs?: bigint;
  requests: readonly Any[];
}
