import type { Transport } from "@connectrpc/connect";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";

/** What a client was told of a request. */
export interface Request {
  readonly key: string;
  readonly number: number;
  readonly kind: "send" | "send with key" | "call with key";
  /** Set once the server has acknowledged it. */
  id?: string;
  /** When its outcome was had, epoch ms, and what it was. */
  ended?: { readonly at: number; readonly value: bigint };
}

/** A client that works on its own keys, one request after the other on each. Its memory is not the server's. */
export interface LoadClient {
  readonly requests: readonly Request[];
  /** Sends and calls until the first error, which is taken for the end of the server. */
  runUntilError(transport: Transport): Promise<void>;
}

/** A client whose keys begin with `name`. */
export function createLoadClient(name: string, keyCount: number): LoadClient {
  const requests: Request[] = [];
  /** A request with an idempotency key that was not answered is repeated; any other may be lost. */
  const unanswered = new Map<string, Request>();
  let number = 0;

  const next = (): Request => {
    const key = `${name}${Math.floor(Math.random() * keyCount)}`;
    const repeated = unanswered.get(key);
    if (repeated !== undefined) {
      return repeated;
    }
    number += 1;
    const kinds = ["send", "send with key", "call with key"] as const;
    const request: Request = { key, number, kind: kinds[Math.floor(Math.random() * kinds.length)] ?? "send" };
    requests.push(request);
    if (request.kind !== "send") {
      unanswered.set(key, request);
    }
    return request;
  };

  const issue = async (request: Request, transport: Transport): Promise<void> => {
    const client = createCounterClient(transport);
    const message = { counter: request.key, value: BigInt(request.number) };
    const idempotencyKey = `${request.key}/${request.number}`;
    if (request.kind === "call with key") {
      const { value } = await client.add(message, {
        idempotencyKey,
        onHeader: (headers) => {
          request.id = headers.get("x-restate-id") ?? "";
        },
      });
      request.ended = { at: Date.now(), value };
    } else {
      const { id } = await client.send.add(message, request.kind === "send" ? {} : { idempotencyKey });
      request.id = id;
    }
    unanswered.delete(request.key);
  };

  return {
    requests,
    runUntilError: async (transport) => {
      try {
        for (;;) {
          await issue(next(), transport);
        }
      } catch {
        // The server is gone.
      }
    },
  };
}
