import type { PeerCertificate } from "node:tls";
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Awaitable } from "../model/awaitable.ts";
import { headerList } from "../model/failure.ts";
import type { HeaderList } from "../model/outcome.ts";
import { refusal } from "../model/refusal.ts";
import type { HttpRequest } from "./http/exchange.ts";
import { requestMetadata } from "./http/headers.ts";

/** What is known of a call or send before its message is read. */
export interface IncomingRequest {
  /**
   * Which method is asked for: of a one-way invocation its target; where an invocation is named, by its id, workflow
   * or idempotency key, first the method of `restateconnect.v1.Invocations`, then the one that was invoked.
   */
  readonly method: DescMethod;
  /** Its headers, without those of HTTP and the protocol, as the caller sent them. */
  readonly headers: Headers;
  /** The caller's certificate, where `tls.clientCa` asks for one. */
  readonly clientCertificate: PeerCertificate | undefined;
}

/** What {@link Authenticate} may return in place of headers alone. */
export interface Authenticated {
  /** Headers for the handler, in place of the caller's of the same names. An empty one removes the caller's. */
  readonly headers?: HeadersInit | undefined;
  /**
   * Whose idempotency keys the caller's are, such as its user or tenant. The same key in two scopes is two keys: no
   * caller joins or reads an invocation of another scope by its key, or takes a key before it.
   */
  readonly idempotencyScope: string;
}

type MaybeAuthenticated = HeadersInit | Authenticated | undefined;

/**
 * Decides who may call what. Throws a `ConnectError` to refuse: `unauthenticated` for somebody unknown,
 * `permission_denied` for somebody who may not.
 *
 * Headers that it returns take the place of the caller's of the same names: only these can a handler trust. An empty
 * value removes the caller's header, so that `{ authorization: "" }` keeps a token from handlers and interceptors.
 * Without an {@link Authenticated.idempotencyScope}, all callers share their idempotency keys.
 */
export type Authenticate = (request: IncomingRequest) => MaybeAuthenticated | Promise<MaybeAuthenticated>;

/** What an admitted request brings along. */
export interface Admission {
  /** Headers for the handler. */
  readonly metadata: HeaderList;
  /** The scope of its idempotency keys. */
  readonly scope?: string | undefined;
}

/** Lets a request in to a method. Throws what `authenticate` throws. */
export type Admit = (method: DescMethod) => Awaitable<Admission>;

/** Admits a request as the hook says. */
export function admission(request: HttpRequest, authenticate: Authenticate): Admit {
  const metadata = requestMetadata(request.rawHeaders);
  return async (method) => {
    const headers = new Headers(metadata.map(([name, value]): [string, string] => [name, value]));
    const { clientCertificate } = request;
    const given = authenticatedFrom(await asked(authenticate, { method, headers, clientCertificate }));
    const trusted = headerList(new Headers(given.headers));
    const names = new Set(trusted.map(([name]) => name));
    return {
      metadata: [
        ...metadata.filter(([name]) => !names.has(name)),
        ...trusted.filter(([, value]) => value !== ""),
      ],
      scope: given.idempotencyScope,
    };
  };
}

/** What the hook returns. What it throws is marked as a refusal. */
async function asked(authenticate: Authenticate, request: IncomingRequest): Promise<MaybeAuthenticated> {
  try {
    return await authenticate(request);
  } catch (reason) {
    if (reason instanceof ConnectError && reason.code === Code.Unauthenticated) {
      throw refusal("unauthenticated", reason);
    }
    if (reason instanceof ConnectError && reason.code === Code.PermissionDenied) {
      throw refusal("permission_denied", reason);
    }
    throw reason;
  }
}

function authenticatedFrom(given: MaybeAuthenticated): Partial<Authenticated> {
  return isAuthenticated(given) ? given : { headers: given };
}

/** No header has capitals in its name. */
function isAuthenticated(given: MaybeAuthenticated): given is Authenticated {
  return given !== undefined && "idempotencyScope" in given;
}
