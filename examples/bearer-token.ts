import { timingSafeEqual } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Authenticate } from "restate-connect/ingress";

/**
 * Lets in who has one of these tokens, and tells handlers whose it is by the header `x-user`.
 *
 * ```ts
 * createIngress({ services, engine, authenticate: bearerToken(new Map([["pete", "s3cret"]])) });
 * ```
 */
export function bearerToken(tokens: ReadonlyMap<string, string>): Authenticate {
  return ({ headers, method }) => {
    if (method.parent.typeName === "grpc.health.v1.Health") {
      return undefined; // load balancers ask without a token
    }
    const [, token = ""] = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    const user = [...tokens].find(([, known]) => equal(known, token))?.[0];
    if (user === undefined) {
      throw new ConnectError("give a valid token: authorization: Bearer <token>", Code.Unauthenticated, {
        "www-authenticate": "Bearer",
      });
    }
    return { "x-user": user };
  };
}

/** Compares in constant time, so that a caller cannot guess a token letter by letter. */
function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
