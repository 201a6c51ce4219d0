import { create, type DescMethodUnary, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import type { HeaderRecord, HttpClient, Wait } from "../../http/http.ts";
import { timerMs } from "../../http/timer.ts";
import type { Format } from "../../wire/payload.ts";
import type { Codec } from "./codec.ts";
import { connectGetQuery } from "./connect-get.ts";
import type { UnaryAnswer, UnaryProtocol } from "./protocol.ts";

export interface UnaryTransportOptions {
  readonly baseUrl: string;
  readonly format: Format;
  readonly codec: Codec;
  readonly protocol: UnaryProtocol;
  readonly interceptors: readonly Interceptor[];
  readonly defaultTimeoutMs: number | undefined;
  /** Headers of requests that the caller may replace. */
  readonly header?: HeaderRecord;
  /** Size of a response message, bytes. Beyond it `resource_exhausted`. Default: any. */
  readonly readMaxBytes?: number;
  /** Ask methods without side effects with a GET. */
  readonly useHttpGet: boolean;
}

/**
 * The unary half of a Connect transport. There is one request and one response: nothing streams, so that
 * bodies are written and read whole. Without interceptors, what they alone would see is not made.
 */
export function unaryTransport(options: UnaryTransportOptions, http: HttpClient): Pick<Transport, "unary"> {
  const { baseUrl, codec, protocol, interceptors, readMaxBytes } = options;
  const maxBodyBytes = readMaxBytes === undefined ? undefined : protocol.maxBodyBytes(readMaxBytes);
  const isGet = ({ idempotency }: DescMethodUnary) =>
    options.useHttpGet && idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;

  /** One attempt: the innermost part, which interceptors wrap. */
  async function attempt<M extends DescMethodUnary>(
    method: M,
    path: string,
    message: Message,
    header: HeaderRecord,
    { signal, limit }: Wait,
  ): Promise<UnaryResponse<M["input"], M["output"]>> {
    const written = protocol.write(codec.write(method, message));
    const body = "then" in written ? await written : written;
    const response = await http(
      isGet(method)
        ? {
            method: "GET",
            path: path + connectGetQuery(options.format, body),
            header: without(header, "connect-protocol-version"),
            signal,
            limit,
            maxBodyBytes,
          }
        : {
            method: "POST",
            path,
            header: body.encoding === undefined ? header : { ...header, "content-encoding": body.encoding },
            body: { contentType: protocol.contentType, bytes: body.bytes },
            signal,
            limit,
            maxBodyBytes,
          },
    );
    const read = protocol.read(response, baseUrl + path);
    const answer = "then" in read ? await read : read;
    // The message is of the method's own schema: codecs read it with that.
    return responseOf(method, codec.read(method, answer.message), answer) as UnaryResponse<
      M["input"],
      M["output"]
    >;
  }

  return {
    async unary(method, signal, timeoutMs = options.defaultTimeoutMs, given, input, contextValues) {
      // As in Connect-ES, a timeout of 0 means no limit.
      const limitMs = timeoutMs !== undefined && timeoutMs <= 0 ? undefined : timeoutMs;
      const header = {
        ...options.header,
        ...(given === undefined ? undefined : Object.fromEntries(new Headers(given))),
        ...protocol.header,
        ...(limitMs === undefined ? undefined : protocol.timeoutHeader(limitMs)),
      };
      if (interceptors.length === 0) {
        const message = create(method.input, input as MessageInitShape<typeof method.input>);
        const limit = limitMs === undefined ? undefined : { ms: limitMs, error: tooLate };
        return await attempt(method, pathOf(method), message, header, { signal, limit }).catch(
          (reason: unknown) => {
            throw signal?.aborted
              ? ConnectError.from(signal.reason, Code.Canceled)
              : ConnectError.from(reason);
          },
        );
      }
      const heldMs = timerMs(limitMs);
      return await runUnaryCall({
        interceptors: [...interceptors],
        ...(signal === undefined ? {} : { signal }),
        ...(heldMs === undefined ? {} : { timeoutMs: heldMs }),
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: isGet(method) ? "GET" : "POST",
          url: baseUrl + pathOf(method),
          header: new Headers({ ...header, "content-type": protocol.contentType }),
          contextValues: contextValues ?? createContextValues(),
          message: input,
        },
        next: (request) =>
          attempt(
            method,
            pathBelow(baseUrl, request.url),
            request.message,
            without(Object.fromEntries(request.header), "content-type"),
            request,
          ),
      });
    },
  };
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

function without(header: HeaderRecord, name: string): HeaderRecord {
  const { [name]: _, ...others } = header;
  return others;
}

function tooLate(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}

/** Headers and trailers stay unmade until somebody asks for them. */
function responseOf(method: DescMethodUnary, message: Message, answer: UnaryAnswer): UnaryResponse {
  return {
    stream: false,
    service: method.parent,
    method,
    message,
    get header() {
      return answer.header;
    },
    get trailer() {
      return answer.trailer;
    },
  };
}
