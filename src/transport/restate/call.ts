import type { DescMethodUnary, Message, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError, type UnaryRequest } from "@connectrpc/connect";
import { targetOf } from "../../contract/target.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import { decodePayload, encodePayload, type Format, sniffFormat } from "../../wire/payload.ts";
import { restateHeaders } from "../../wire/restate-headers.ts";
import { refuseForeignJson } from "./foreign-json.ts";
import type { HeaderRecord } from "./http.ts";
import type { IngressApi, RequestOptions } from "./ingress-api.ts";

/** Answers one unary request with Restate's ingress. */
export type Exchange = (request: UnaryRequest, ingress: IngressApi, encoding: Encoding) => Promise<Answer>;

/** How messages are written. */
export interface Encoding {
  readonly format: Format;
  /** Messages that may be inside a `google.protobuf.Any`. */
  readonly registry?: Registry | undefined;
}

/** A response message and its headers. */
export interface Answer {
  readonly header: Headers;
  readonly message: Message;
}

/** A call of a service that is registered with Restate. */
export const call: Exchange = async (request, ingress, encoding) => {
  const { method, message, signal } = request;
  const { objectKey, header } = splitHeader(request.header);
  const target = targetOf(method, message, objectKey);
  const payload = encodePayload(encoding.format, method.input, message, encoding);
  const response = await ingress.call(target, payload, { header, signal });
  refuseForeignJson(request.url, method.output, response);
  return { header: response.header, message: readMessage(method, response.body, encoding.registry) };
};

/** The headers of a request as they are, and its end. */
export function requestOptions({ header, signal }: UnaryRequest): RequestOptions {
  return { header: Object.fromEntries(header), signal };
}

/** Takes the header that names an object, where there is one, out of the rest. */
export function splitHeader(headers: Headers): {
  readonly objectKey: string | undefined;
  readonly header: HeaderRecord;
} {
  const objectKey = readObjectKey((name) => headers.get(name));
  const { [restateHeaders.objectKey]: _, ...header } = Object.fromEntries(headers);
  return { objectKey, header };
}

/**
 * Reads a response in the format that it is in. A handler's content type is fixed when it is registered and
 * says nothing. Some answer in JSON whatever they were asked in; and a call that joins another one by its
 * idempotency key gets what that one asked for.
 */
function readMessage(method: DescMethodUnary, body: Uint8Array, registry: Registry | undefined): Message {
  const format = sniffFormat(method.output, body);
  try {
    return decodePayload(format, method.output, body, { registry, unknownFields: "ignore" });
  } catch (cause) {
    throw new ConnectError(
      `the answer of ${method.parent.typeName}/${method.name} is no ${method.output.typeName} in ${format}: ${String(cause)}`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}
