import type { TimeLimit, Wait } from "../../http/http.ts";
import { abortSignalOf } from "../../model/abort-notice.ts";
import type { HeaderList, Outcome } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import type { ServiceKind } from "../../model/service-kind.ts";
import type { AdminApi } from "../../restate-api/admin-api.ts";
import type { IngressAnswer, IngressApi } from "../../restate-api/ingress-api.ts";
import { isNotReady } from "../../restate-api/response-error.ts";
import type { HeaderRecord } from "../../wire/caller-headers.ts";
import type { Engine } from "../engine.ts";
import { getInvocation } from "./invocations.ts";
import type { Messages } from "./messages.ts";
import { callFailure, failedOutcome, success } from "./outcome.ts";
import { scopedKey } from "./scoped-key.ts";

/** A Restate server, and what is known of the services that it runs. */
export interface RestateServer {
  readonly ingress: IngressApi;
  readonly admin: AdminApi;
  readonly kinds: ReadonlyMap<string, ServiceKind>;
  /** Set when the engine starts. */
  messages: Messages;
  /** How long to wait for a handler. */
  readonly callLimit: TimeLimit;
  /** How long to wait for everything else. */
  readonly soon: Wait;
}

/** Calls a method. A failure of the handler is the outcome. */
export async function call(
  { ingress, messages, callLimit }: RestateServer,
  ...[target, input, { headers = [], idempotency, signal } = {}]: Parameters<Engine["call"]>
): ReturnType<Engine["call"]> {
  const header = requestHeader(headers, idempotency && scopedKey(idempotency));
  const payload = messages.request(target, input);
  try {
    const answer = await ingress.call(target, payload, {
      header,
      signal: signal && abortSignalOf(signal),
      limit: callLimit,
    });
    return {
      ...resultOf((name) => answer.get(name)),
      outcome: success(messages.response(target, answer.body)),
    };
  } catch (reason) {
    const error = callFailure(reason);
    return { ...resultOf((name) => error.metadata.get(name)), outcome: failedOutcome(error) };
  }
}

/** Sends a one-way invocation: resolves once Restate holds it. */
export async function send(
  { ingress, messages, soon }: RestateServer,
  ...[target, input, { headers = [], idempotency, delayMs } = {}]: Parameters<Engine["send"]>
): ReturnType<Engine["send"]> {
  const header = requestHeader(headers, idempotency && scopedKey(idempotency));
  const payload = messages.request(target, input);
  const { id, duplicate, executionTime } = await ingress.send(target, payload, { header, delayMs, ...soon });
  return {
    id,
    duplicate,
    executeAt: executionTime === undefined ? undefined : new Date(executionTime),
  };
}

/** Waits for an outcome. */
export async function attach(
  server: RestateServer,
  ...[id, { signal, reserve } = {}]: Parameters<Engine["attach"]>
): ReturnType<Engine["attach"]> {
  try {
    const answer = await server.ingress.attach(id, {
      header: {},
      signal: signal && abortSignalOf(signal),
      limit: server.callLimit,
    });
    await reserve?.(answer.body.length);
    return await outcomeOf(server, id, answer);
  } catch (reason) {
    return failedOutcome(callFailure(reason));
  }
}

/** Reads an outcome, if there is one. */
export async function output(
  server: RestateServer,
  ...[id, { reserve } = {}]: Parameters<Engine["output"]>
): ReturnType<Engine["output"]> {
  try {
    const answer = await server.ingress.output(id, { header: {}, ...server.soon });
    await reserve?.(answer.body.length);
    return await outcomeOf(server, id, answer);
  } catch (reason) {
    return isNotReady(reason) ? undefined : failedOutcome(callFailure(reason));
  }
}

async function outcomeOf(server: RestateServer, id: string, { body }: IngressAnswer): Promise<Outcome> {
  const findTarget = async () => (await getInvocation(server, id, server.soon))?.target;
  return success(await server.messages.outcome(id, body, findTarget));
}

/** Joins repeated headers into one, as HTTP allows. */
function requestHeader(list: HeaderList, idempotencyKey: string | undefined): HeaderRecord {
  const header: Record<string, string> = {};
  for (const [name, value] of list) {
    header[name] = header[name] === undefined ? value : `${header[name]}, ${value}`;
  }
  return idempotencyKey === undefined
    ? header
    : { ...header, [restateHeaders.idempotencyKey]: idempotencyKey };
}

function resultOf(get: (name: string) => string | null | undefined): {
  readonly id: string;
  readonly expiresAt?: Date;
} {
  const expires = get(restateHeaders.idempotencyExpires);
  return {
    id: get(restateHeaders.invocationId) ?? "",
    ...(expires === null || expires === undefined ? {} : { expiresAt: new Date(expires) }),
  };
}
