import type { PeerCertificate } from "node:tls";
import type { DescMethod } from "@bufbuild/protobuf";
import { headerList } from "../model/failure.ts";
import type { HeaderList } from "../model/outcome.ts";
import type { HttpRequest } from "./http/exchange.ts";
import { requestMetadata } from "./http/headers.ts";

/** What is known of a call or send before its message is read. */
export interface IncomingRequest {
  /**
   * Which method is asked for: of a one-way invocation its target; where an invocation is named by its
   * workflow or idempotency key, first the method of `restateconnect.v1.Invocations`, then the one that was invoked.
   */
  readonly method: DescMethod;
  /** Its headers, without those of HTTP and the protocol, as the caller sent them. */
  readonly headers: Headers;
  /** The caller's certificate, where `tls.clientCa` asks for one. */
  readonly clientCertificate: PeerCertificate | undefined;
}

/**
 * Decides who may call what. Throws a `ConnectError` to refuse: `unauthenticated` for somebody unknown,
 * `permission_denied` for somebody who may not.
 *
 * Headers that it returns take the place of the caller's of the same names: only these can a handler trust.
 */
export type Authenticate = (
  request: IncomingRequest,
) => HeadersInit | undefined | Promise<HeadersInit | undefined>;

/** Lets a request in to a method, and gives the headers for its handler. Throws what `authenticate` throws. */
export type Admit = (method: DescMethod) => HeaderList | Promise<HeaderList>;

/** Admits a request as the hook says. */
export function admission(request: HttpRequest, authenticate: Authenticate): Admit {
  const metadata = requestMetadata(request.rawHeaders);
  return async (method) => {
    const headers = new Headers(metadata.map(([name, value]): [string, string] => [name, value]));
    const given = await authenticate({ method, headers, clientCertificate: request.clientCertificate });
    const trusted = headerList(new Headers(given));
    const names = new Set(trusted.map(([name]) => name));
    return [...metadata.filter(([name]) => !names.has(name)), ...trusted];
  };
}
