import type { DescMethodUnary, Message, Registry } from "@bufbuild/protobuf";
import { Code, type UnaryRequest } from "@connectrpc/connect";
import type { Wait } from "../../http/http.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { targetOf } from "../../model/target.ts";
import type { IngressApi, RequestOptions } from "../../restate-api/ingress-api.ts";
import type { HeaderRecord } from "../../wire/caller-headers.ts";
import { contentTypes } from "../../wire/content-types.ts";
import { decodeMessage, encodeMessage, type Format } from "../../wire/message-format.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import { type Payload, restateFormat, sniffFormat } from "../../wire/payload.ts";
import { isRequestMetadata } from "../../wire/protocol-headers.ts";
import type { LazyMetadata } from "../lazy-response.ts";
import { refuseForeignJson } from "./foreign-json.ts";

/** A unary request, and how long to wait for its answer. */
export type ExchangeRequest = Omit<UnaryRequest, "signal"> & Wait;

/** Answers one unary request with Restate's ingress. */
export type Exchange = (request: ExchangeRequest, ingress: IngressApi, encoding: Encoding) => Promise<Answer>;

/** How messages are written. */
export interface Encoding {
  readonly format: Format;
  /** Messages that may be inside a `google.protobuf.Any`. */
  readonly registry?: Registry | undefined;
}

/** A response message, and what has its headers, which are made when they are read. */
export interface Answer {
  readonly metadata: LazyMetadata;
  readonly message: Message;
}

/** A call of a service that is registered with Restate. */
export const call: Exchange = async (request, ingress, encoding) => {
  const { method, message } = request;
  const objectKey = readObjectKey((name) => request.header.get(name));
  const target = targetOf(method, message, objectKey);
  const payload = encodeRequest(method, message, encoding);
  const response = await ingress.call(target, payload, requestOptions(request));
  refuseForeignJson(request.url, method.output, response);
  const received = readMessage(method, response.body, encoding.registry);
  return { message: received, metadata: response };
};

/** A request as Restate gets it. */
export function encodeRequest(method: DescMethodUnary, message: Message, encoding: Encoding): Payload {
  const { format, registry } = encoding;
  const what = `the request of ${method.parent.typeName}/${method.name}`;
  const bytes = encodeMessage(what, method.input, restateFormat(format, { registry }), message);
  return { contentType: contentTypes[format], bytes };
}

/** What Restate gets of a request besides its message, and the end of it. */
export function requestOptions({ header, signal, limit }: ExchangeRequest): RequestOptions {
  return { header: restateHeader(header), signal, limit };
}

/**
 * The caller's metadata and the idempotency key. Not what belongs to HTTP, which has rules of its own and
 * HTTP/2 refuses, and not what our transports have said otherwise.
 */
function restateHeader(headers: Headers): HeaderRecord {
  const header: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (isRequestMetadata(name) || name === restateHeaders.idempotencyKey) {
      header[name] = value;
    }
  }
  return header;
}

/**
 * Reads a response in the format that it is in. A handler's content type is fixed when it is registered and
 * says nothing. Some handlers always respond in JSON; and a call that joins another call by its
 * idempotency key gets the format of the first call.
 */
function readMessage(method: DescMethodUnary, body: Uint8Array, registry: Registry | undefined): Message {
  return decodeMessage({
    what: `the response of ${method.parent.typeName}/${method.name}`,
    schema: method.output,
    format: restateFormat(sniffFormat(method.output, body), { registry, unknownFields: "ignore" }),
    bytes: body,
    code: Code.Internal,
  });
}
