import { createHash, timingSafeEqual } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Authenticate } from "../../ingress/index.ts";

/**
 * Lets in requests that carry the token: `authorization: Bearer <token>`. The header ends here: handlers, the store and a
 * Restate server behind the ingress do not get the token.
 */
export function requireToken(token: string): Authenticate {
  const expected = digest(`Bearer ${token}`);
  return ({ headers }) => {
    // Digests are of one length, which the comparison needs, and it takes the same time wherever they differ.
    if (!timingSafeEqual(digest(headers.get("authorization") ?? ""), expected)) {
      throw new ConnectError(
        "the request needs the header authorization: Bearer <token>, with the token of the server",
        Code.Unauthenticated,
      );
    }
    return { authorization: "" };
  };
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
