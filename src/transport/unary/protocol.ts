import type { HttpResponse } from "../../http/http.ts";
import type { HeaderRecord } from "../../wire/caller-headers.ts";

/** What a protocol makes of a unary call: message bytes in, message bytes out. */
export interface UnaryProtocol {
  readonly contentType: string;
  /** Headers of every request, besides the content type. */
  readonly header: HeaderRecord;
  /** Tells the server how long the caller waits, ms. Undefined where the header cannot say so much. */
  timeoutHeader(timeoutMs: number): HeaderRecord | undefined;
  /** The most bytes of a response body that can hold a message of so many. */
  maxBodyBytes(maxMessageBytes: number): number;
  write(message: Uint8Array): RequestBody | Promise<RequestBody>;
  /**
   * Reads a response.
   *
   * @param url that was asked, for errors
   * @throws ConnectError that the response carries, or that says why it is not a response of the protocol
   */
  read(response: HttpResponse, url: string): ReceivedMessage | Promise<ReceivedMessage>;
}

/** The body of a request. */
export interface RequestBody {
  readonly bytes: Uint8Array;
  /** The encoding that they are compressed with. */
  readonly encoding?: string | undefined;
}

/** The message of a successful response. The headers are made when they are asked for. */
export interface ReceivedMessage {
  readonly message: Uint8Array;
  readonly header: Headers;
  readonly trailer: Headers;
}
