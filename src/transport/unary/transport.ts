import { create, type DescMethodUnary, type Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import { callLimit } from "../../http/call-limit.ts";
import type { HttpClient, HttpRequest, Wait } from "../../http/http.ts";
import { hasNoSideEffects } from "../../model/well-known.ts";
import { callerHeaders, type HeaderRecord, mergeHeaders } from "../../wire/caller-headers.ts";
import { decodeMessage, encodeMessage, type MessageFormat } from "../../wire/message-format.ts";
import { LazyResponse } from "../lazy-response.ts";
import { deadlineOf } from "../options.ts";
import { connectGetQuery } from "./connect-get.ts";
import { failureOf, intercept } from "./intercept.ts";
import type { RequestBody, UnaryProtocol } from "./protocol.ts";

export interface UnaryTransportOptions {
  readonly baseUrl: string;
  readonly format: MessageFormat;
  readonly protocol: UnaryProtocol;
  readonly interceptors: readonly Interceptor[];
  /** Deadline of calls without a deadline of their own, ms. */
  readonly defaultTimeoutMs: number | undefined;
  /** Headers of requests that the caller may replace. */
  readonly header?: HeaderRecord | undefined;
  /** Size of a response message, bytes. Beyond it `resource_exhausted`. Default: any. */
  readonly readMaxBytes?: number | undefined;
  /** Ask methods without side effects with a GET. */
  readonly useHttpGet: boolean;
}

/**
 * The unary half of a Connect transport. There is one request and one response: nothing streams, so that
 * bodies are written and read whole. Without interceptors, what they alone would see is not made.
 */
export function unaryTransport(options: UnaryTransportOptions, http: HttpClient): Pick<Transport, "unary"> {
  const { baseUrl, protocol, interceptors, readMaxBytes } = options;
  const sender: Sender = {
    ...options,
    http,
    maxBodyBytes: readMaxBytes === undefined ? undefined : protocol.maxBodyBytes(readMaxBytes),
  };
  return {
    async unary(
      method,
      signal,
      timeoutMs = deadlineOf(method, options.defaultTimeoutMs),
      given,
      input,
      contextValues,
    ) {
      const wait = { signal, limit: callLimit(timeoutMs) };
      const own =
        timeoutMs > 0 ? { ...protocol.header, ...protocol.timeoutHeader(timeoutMs) } : protocol.header;
      const header = {
        ...options.header,
        ...(given === undefined ? undefined : callerHeaders(given)),
        ...own,
      };
      const message = create(method.input, input);
      const send = (request: Outgoing) => exchange(sender, method, request);
      const response =
        interceptors.length === 0
          ? await send({ path: pathOf(method), message, header, wait }).catch((reason: unknown) => {
              throw failureOf(reason, signal);
            })
          : await intercept(
              interceptors,
              {
                stream: false,
                service: method.parent,
                method,
                requestMethod: usesGet(options, method) ? "GET" : "POST",
                url: baseUrl + pathOf(method),
                header: new Headers({ ...header, "content-type": protocol.contentType }),
                contextValues: contextValues ?? createContextValues(),
                message,
              },
              wait,
              (request) => send(fromIntercepted(baseUrl, request, own)),
            );
      // The message was decoded with the method's own schema.
      return response as UnaryResponse<typeof method.input, typeof method.output>;
    },
  };
}

interface Sender extends UnaryTransportOptions {
  readonly http: HttpClient;
  /** Size of the body of a response, bytes. */
  readonly maxBodyBytes: number | undefined;
}

/** A request as it goes out. */
interface Outgoing {
  readonly path: string;
  readonly message: Message;
  readonly header: HeaderRecord;
  readonly wait: Wait;
}

/** A request as interceptors left it. The headers of the protocol are not for them to change. */
function fromIntercepted(baseUrl: string, request: UnaryRequest, own: HeaderRecord): Outgoing {
  return {
    path: pathBelow(baseUrl, request.url),
    message: request.message,
    header: mergeHeaders(request.header, own),
    wait: { signal: request.signal },
  };
}

/** One request and its response: the innermost part, which interceptors wrap. */
async function exchange(sender: Sender, method: DescMethodUnary, outgoing: Outgoing): Promise<UnaryResponse> {
  const { baseUrl, format, protocol, http } = sender;
  const name = `${method.parent.typeName}/${method.name}`;
  const written = protocol.write(
    encodeMessage(`the request of ${name}`, method.input, format, outgoing.message),
  );
  const body = "then" in written ? await written : written; // Jest has a Promise of its own
  const response = await http(
    usesGet(sender, method) ? getRequest(sender, outgoing, body) : postRequest(sender, outgoing, body),
  );
  const read = protocol.read(response, baseUrl + outgoing.path);
  const received = "then" in read ? await read : read;
  const message = decodeMessage({
    what: `the response of ${name}`,
    schema: method.output,
    format,
    bytes: received.message,
    code: Code.Internal,
  });
  return new LazyResponse(method, message, received);
}

function usesGet({ useHttpGet }: UnaryTransportOptions, method: DescMethodUnary): boolean {
  return useHttpGet && hasNoSideEffects(method);
}

function postRequest({ protocol, maxBodyBytes }: Sender, outgoing: Outgoing, body: RequestBody): HttpRequest {
  const { path, header, wait } = outgoing;
  return {
    method: "POST",
    path,
    header: body.encoding === undefined ? header : { ...header, "content-encoding": body.encoding },
    body: { contentType: protocol.contentType, bytes: body.bytes },
    signal: wait.signal,
    limit: wait.limit,
    maxBodyBytes,
  };
}

function getRequest({ format, maxBodyBytes }: Sender, outgoing: Outgoing, body: RequestBody): HttpRequest {
  const { "connect-protocol-version": _, ...header } = outgoing.header;
  const path = outgoing.path + connectGetQuery(format.name, body);
  return { method: "GET", path, header, ...outgoing.wait, maxBodyBytes };
}

function pathOf({ parent, name }: DescMethodUnary): string {
  return `/${parent.typeName}/${name}`;
}

/** The path that interceptors see as a part of the URL, and may change. */
function pathBelow(baseUrl: string, url: string): string {
  if (url.startsWith(`${baseUrl}/`)) {
    return url.slice(baseUrl.length);
  }
  throw new ConnectError(
    `an interceptor made ${url} of a request to ${baseUrl}: a transport calls what is below its baseUrl only`,
    Code.InvalidArgument,
  );
}
