import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** Headers, and trailers if there are any, that are made when they are read. */
export interface LazyMetadata {
  readonly header: Headers;
  readonly trailer?: Headers;
}

/**
 * A response whose headers and trailers stay unmade until somebody reads them. A class: V8 makes a hidden class of its
 * own for each object literal with a getter, and keeps it, with all that the getter refers to, until the next full
 * collection.
 */
export class LazyResponse implements UnaryResponse {
  readonly stream = false;
  readonly service: DescMethodUnary["parent"];
  readonly method: DescMethodUnary;
  readonly message: Message;
  readonly #metadata: LazyMetadata;

  constructor(method: DescMethodUnary, message: Message, metadata: LazyMetadata) {
    this.service = method.parent;
    this.method = method;
    this.message = message;
    this.#metadata = metadata;
  }

  get header(): Headers {
    return this.#metadata.header;
  }

  get trailer(): Headers {
    return this.#metadata.trailer ?? new Headers();
  }
}

/** The same response with its headers and trailers as properties of its own: interceptors spread responses. */
export function spreadable({
  stream,
  service,
  method,
  message,
  header,
  trailer,
}: UnaryResponse): UnaryResponse {
  return { stream, service, method, message, header, trailer };
}
