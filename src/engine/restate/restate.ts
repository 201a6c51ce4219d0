import { Code, ConnectError } from "@connectrpc/connect";
import { http1Client } from "../../http/http1-client.ts";
import { http2Client } from "../../http/http2-client.ts";
import { restatePings } from "../../http/http2-options.ts";
import { abortSignalOf } from "../../model/abort-notice.ts";
import type { HeaderList, Outcome } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import type { ServiceKind } from "../../model/service-kind.ts";
import { adminApi } from "../../restate-api/admin-api.ts";
import { type IngressAnswer, ingressApi } from "../../restate-api/ingress-api.ts";
import { isNotReady } from "../../restate-api/response-error.ts";
import type { HeaderRecord } from "../../wire/caller-headers.ts";
import { contentTypes } from "../../wire/content-types.ts";
import type { Engine } from "../engine.ts";
import { inspectInvocation } from "./inspect.ts";
import { countInvocations, getInvocation, listInvocations } from "./invocations.ts";
import { messagesOf } from "./messages.ts";
import type { RestateOptions } from "./options.ts";
import { callFailure, failedOutcome, success } from "./outcome.ts";
import { scopedKey, scopedReference } from "./scoped-key.ts";
import { readStatistics } from "./statistics.ts";
import { requestLimit, retryHints } from "./with-retry-hint.ts";

/** How long anything takes at most, ms, that does not wait for a handler. */
const requestTimeoutMs = 30_000;

/**
 * An engine that has a Restate 1.x server run the invocations. The handlers run where Restate finds them:
 * serve them with `restate-connect/endpoint`. It holds no state, so that several ingresses may share a
 * server.
 *
 * Restate decides, not we: how long outcomes are kept (a setting of the service, so that
 * `idempotency.retentionMs` has no effect), and when a cancelled handler notices (where it next waits for
 * Restate). Headers and trailers that a handler sets are lost, for Restate has no place for them.
 *
 * ```ts
 * createIngress({ services, engine: restate({ ingressUrl: "http://localhost:8080", adminUrl: "http://localhost:9070" }) });
 * ```
 */
export function restate(options: RestateOptions): Engine {
  const { ingressUrl, adminUrl, httpVersion = "2", callTimeoutMs = 600_000 } = options;
  const http =
    httpVersion === "2"
      ? http2Client(withoutSlash(ingressUrl), restatePings)
      : http1Client(withoutSlash(ingressUrl));
  const adminHttp = http1Client(withoutSlash(adminUrl));
  const ingress = ingressApi(ingressUrl, http);
  const admin = adminApi(adminHttp);
  const closing = new AbortController();
  const kinds = new Map<string, ServiceKind>();
  let messages = messagesOf([]);
  const reach = retryHints(closing.signal);
  /** For what waits for a handler. */
  const callLimit = requestLimit(callTimeoutMs);
  /** For everything else. */
  const soon = { signal: undefined, limit: requestLimit(requestTimeoutMs) };

  async function outcomeOf(id: string, { body }: IngressAnswer): Promise<Outcome> {
    const findTarget = async () => (await getInvocation({ admin, ingress, kinds }, id, soon))?.target;
    return success(await messages.outcome(id, body, findTarget));
  }

  return {
    name: "restate",

    async start(services) {
      for (const { name, kind } of services) {
        kinds.set(name, kind);
      }
      messages = messagesOf(services);
    },

    call: (target, input, { headers = [], idempotency, signal } = {}) =>
      reach(async () => {
        const header = requestHeader(headers, idempotency && scopedKey(idempotency));
        const payload = messages.request(target, input);
        try {
          const answer = await ingress.call(target, payload, {
            header,
            signal: signal && abortSignalOf(signal),
            limit: callLimit,
          });
          return { ...resultOf(answer.get), outcome: success(messages.response(target, answer.body)) };
        } catch (reason) {
          const error = callFailure(reason);
          return { ...resultOf((name) => error.metadata.get(name)), outcome: failedOutcome(error) };
        }
      }),

    send: (target, input, { headers = [], idempotency, delayMs } = {}) =>
      reach(async () => {
        const header = requestHeader(headers, idempotency && scopedKey(idempotency));
        const payload = messages.request(target, input);
        const { id, duplicate, executionTime } = await ingress.send(target, payload, {
          header,
          delayMs,
          ...soon,
        });
        const executeAt = executionTime === undefined ? {} : { executeAt: new Date(executionTime) };
        return { id, duplicate, ...executeAt };
      }),

    attach: (id, { signal, reserve } = {}) =>
      reach(async () => {
        try {
          const answer = await ingress.attach(id, {
            header: {},
            signal: signal && abortSignalOf(signal),
            limit: callLimit,
          });
          await reserve?.(answer.body.length);
          return await outcomeOf(id, answer);
        } catch (reason) {
          return failedOutcome(callFailure(reason));
        }
      }),

    output: (id, { reserve } = {}) =>
      reach(async () => {
        try {
          const answer = await ingress.output(id, { header: {}, ...soon });
          await reserve?.(answer.body.length);
          return await outcomeOf(id, answer);
        } catch (reason) {
          return isNotReady(reason) ? undefined : failedOutcome(callFailure(reason));
        }
      }),

    lookup: (which) => reach(() => ingress.lookup(scopedReference(which), { header: {}, ...soon })),
    get: (id) => reach(() => getInvocation({ admin, ingress, kinds }, id, soon)),
    inspect: (id) => reach(() => inspectInvocation({ admin, ingress, kinds }, id, soon)),
    list: (query) => reach(() => listInvocations(admin, kinds, query, soon)),
    count: () => reach(() => countInvocations(admin, soon)),
    statistics: () => reach(() => readStatistics(admin, soon)),
    cancel: (id, mode) => reach(() => admin.end(id, mode, soon)),
    purge: (id) => reach(() => admin.end(id, "purge", soon)),

    awakeables: {
      resolve: (id, { format, bytes }) =>
        reach(() =>
          ingress.resolveAwakeable(id, { contentType: contentTypes[format], bytes }, { header: {}, ...soon }),
        ),
      reject: (id, reason) => reach(() => ingress.rejectAwakeable(id, reason, { header: {}, ...soon })),
    },

    async close() {
      closing.abort(new ConnectError("the engine is closing", Code.Unavailable));
      http.close();
      adminHttp.close();
    },
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
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
