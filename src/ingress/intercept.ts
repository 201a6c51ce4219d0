import type { DescMessage, DescMethod, DescMethodUnary, Message } from "@bufbuild/protobuf";
import {
  type UnaryRequest as ConnectRequest,
  type UnaryResponse as ConnectResponse,
  createContextValues,
  type Interceptor,
} from "@connectrpc/connect";
import { abortSignalOf } from "../model/abort-notice.ts";
import { headerList, headersFrom } from "../model/failure.ts";
import type { HeaderList } from "../model/outcome.ts";
import { isRequestMetadata } from "../wire/protocol-headers.ts";
import type { UnaryRequest } from "./route.ts";

/** A decoded message on its way through interceptors, with headers for the handler. */
export interface InterceptedRequest {
  readonly message: Message;
  readonly metadata: HeaderList;
}

/** A decoded response on its way back. */
export interface InterceptedResponse {
  readonly message: Message;
  readonly headers: HeaderList;
  readonly trailers: HeaderList;
}

/** What comes after the last interceptor. */
export type InterceptedCall = (request: InterceptedRequest) => Promise<InterceptedResponse>;

/**
 * Passes a call of `method` through Connect's interceptors to `last`. The first of them sees the request first, and
 * the response last. Rejects with what an interceptor throws.
 */
export async function intercept(
  interceptors: readonly Interceptor[],
  method: DescMethod,
  request: UnaryRequest,
  { message, metadata }: InterceptedRequest,
  last: InterceptedCall,
): Promise<InterceptedResponse> {
  const passOn = async (passed: ConnectRequest): Promise<ConnectResponse> => {
    const response = await last({
      message: passed.message,
      metadata: headerList(passed.header).filter(([name]) => isRequestMetadata(name)),
    });
    return {
      stream: false,
      service: passed.service,
      method: passed.method,
      message: response.message,
      header: headersFrom(response.headers),
      trailer: headersFrom(response.trailers),
    };
  };
  // Routes are unary only: no interceptor gets a stream, or gives one for a unary request.
  const first = interceptors.reduceRight(
    (next, interceptor) => interceptor(next),
    passOn as ReturnType<Interceptor>,
  );
  const response = (await first({
    stream: false,
    service: method.parent,
    method: method as DescMethodUnary<DescMessage, DescMessage>,
    requestMethod: request.httpMethod,
    url: request.url,
    signal: abortSignalOf(request.signal),
    header: headersFrom(metadata),
    contextValues: createContextValues(),
    message,
  })) as ConnectResponse;
  return {
    message: response.message,
    headers: headerList(response.header),
    trailers: headerList(response.trailer),
  };
}
