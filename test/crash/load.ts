import type { Transport } from "@connectrpc/connect";
import { invocation } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { AddResponseSchema } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { createAdminClient } from "../../generated/restateconnect/v1/admin_restate.ts";

/** What a client asks for. All but the first carry an idempotency key. */
export type RequestKind =
  | "send"
  | "send with key"
  | "call with key"
  /** Due some ms later. */
  | "delayed send"
  /** Due in an hour, and cancelled at once. */
  | "cancelled send"
  /** Its handler waits for an awakeable. */
  | "send that waits"
  /** Its handler calls one and sends another. */
  | "send that nests";

/** What a client was told of a request. */
export interface Request {
  readonly key: string;
  readonly number: number;
  readonly kind: RequestKind;
  /** It must not run before, epoch ms. */
  readonly notBefore?: number;
  /** Set once the server has acknowledged it. */
  id?: string;
  /** When its outcome was had, epoch ms, and what it was. Undefined: it was canceled. */
  ended?: { readonly at: number; readonly value: bigint | undefined };
}

/** A server to work against. */
export interface Urls {
  readonly url: string;
  readonly adminUrl: string;
}

/** A client that works on its own keys, one request after the other on each. Its memory is not the server's. */
export interface LoadClient {
  readonly requests: readonly Request[];
  /** Sends and calls until the first error, which is taken for the end of the server. */
  runUntilError(urls: Urls): Promise<void>;
}

/** How often each kind is asked for. */
const kinds: readonly RequestKind[] = [
  ...["send", "send with key", "call with key", "send", "send with key", "call with key"],
  ...["delayed send", "cancelled send", "send that waits", "send that nests"],
] as const satisfies RequestKind[];

const delays: Readonly<Partial<Record<RequestKind, number>>> = {
  "delayed send": 100,
  "cancelled send": 3_600_000,
};
const tasks: Readonly<Partial<Record<RequestKind, string>>> = {
  "send that waits": "wait",
  "send that nests": "nest",
};

/** A client whose keys begin with `name`. */
export function createLoadClient(name: string, keyCount: number): LoadClient {
  const requests: Request[] = [];
  /** A request with an idempotency key that was not answered is repeated; any other may be lost. */
  const unanswered = new Map<string, Request>();
  let number = 0;

  const next = (): Request => {
    const key = `${name}${pick(keyCount)}`;
    const repeated = unanswered.get(key);
    if (repeated !== undefined) {
      return repeated;
    }
    number += 1;
    const kind = kinds[pick(kinds.length)] ?? "send";
    const delay = delays[kind];
    const due = delay === undefined ? undefined : { notBefore: Date.now() + delay };
    const request: Request = { key, number, kind, ...due };
    requests.push(request);
    if (kind !== "send") {
      unanswered.set(key, request);
    }
    return request;
  };

  const issue = async (request: Request, transport: Transport, urls: Urls): Promise<void> => {
    const { key, kind } = request;
    const client = createCounterClient(transport);
    const message = { counter: key, value: BigInt(request.number) };
    const task = tasks[kind];
    const delay = delays[kind];
    const options = {
      ...(kind === "send" ? {} : { idempotencyKey: `${key}/${request.number}` }),
      ...(task === undefined ? {} : { headers: { "x-task": task } }),
    };
    if (kind === "call with key") {
      const onHeader = (headers: Headers): void => {
        request.id = headers.get("x-restate-id") ?? "";
      };
      const { value } = await client.add(message, { ...options, onHeader });
      request.ended = { at: Date.now(), value };
    } else {
      const { id } = await client.send.add(message, {
        ...options,
        ...(delay === undefined ? {} : { delay }),
      });
      request.id = id;
    }
    if (kind === "cancelled send") {
      await cancel(request, urls);
    }
    unanswered.delete(key);
  };

  return {
    requests,
    runUntilError: async (urls) => {
      const transport = createTransport({ baseUrl: urls.url });
      try {
        for (;;) {
          const request = next();
          await issue(request, transport, urls);
          // Some outcomes are read under load: from then on, their invocations must not run.
          if (request.ended === undefined && Math.random() < 0.4) {
            await attach(request, transport);
          }
        }
      } catch {
        // The server is gone.
      }
    },
  };
}

/** Takes note of a request's outcome, once there is one. Throws when it is not the one that was had before. */
export async function attach(request: Request, transport: Transport): Promise<void> {
  const outcome = invocation(transport, request.id ?? "", AddResponseSchema).attach({ timeoutMs: 60_000 });
  const value = await outcome.then(
    (response) => response.value,
    (error: unknown) => {
      if (String(error).includes("[canceled]")) {
        return undefined;
      }
      throw error;
    },
  );
  if (request.ended !== undefined && request.ended.value !== value) {
    throw new Error(`it is ${value} now and was ${request.ended.value} before`);
  }
  request.ended ??= { at: Date.now(), value };
}

/** Asks the server to end a request. */
export async function cancel({ id }: Request, { adminUrl }: Urls): Promise<void> {
  await createAdminClient(createTransport({ baseUrl: adminUrl })).cancelInvocation({ id: id ?? "" });
}

function pick(count: number): number {
  return Math.floor(Math.random() * count);
}
