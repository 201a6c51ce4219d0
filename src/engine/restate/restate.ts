import { Code, ConnectError } from "@connectrpc/connect";
import { http1Client } from "../../http/http1-client.ts";
import { http2Client } from "../../http/http2-client.ts";
import { restatePings } from "../../http/http2-options.ts";
import { nameHint } from "../../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../../model/known-options.ts";
import type { ServiceKind } from "../../model/service-kind.ts";
import { adminApi } from "../../restate-api/admin-api.ts";
import { checkIngress } from "../../restate-api/check-ingress.ts";
import { ingressApi } from "../../restate-api/ingress-api.ts";
import { contentTypes } from "../../wire/content-types.ts";
import type { Engine } from "../engine.ts";
import { attach, call, output, type RestateServer, send } from "./calls.ts";
import { inspectInvocation } from "./inspect.ts";
import { countInvocations, getInvocation, listInvocations } from "./invocations.ts";
import { messagesOf } from "./messages.ts";
import type { RestateOptions } from "./options.ts";
import { scopedReference } from "./scoped-key.ts";
import { readStatistics } from "./statistics.ts";
import { requestLimit, retryHints } from "./with-retry-hint.ts";

/** How long anything takes at most, ms, that does not wait for a handler. */
const requestTimeoutMs = 30_000;

const optionNames: OptionNames<RestateOptions> = {
  ingressUrl: 1,
  adminUrl: 1,
  httpVersion: 1,
  callTimeoutMs: 1,
};

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
  refuseUnknownOptions("restate", options, optionNames, nameHint);
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
  const soon = { signal: undefined, limit: requestLimit(requestTimeoutMs) };
  const server: RestateServer = {
    ...{ ingress, admin, kinds, soon },
    messages: messagesOf([]),
    callLimit: requestLimit(callTimeoutMs),
  };
  const reach = retryHints(closing.signal);

  return {
    name: "restate",

    async start(services) {
      for (const { name, kind } of services) {
        kinds.set(name, kind);
      }
      server.messages = messagesOf(services);
    },

    call: (...parameters) => reach(() => call(server, ...parameters)),
    send: (...parameters) => reach(() => send(server, ...parameters)),
    attach: (...parameters) => reach(() => attach(server, ...parameters)),
    output: (...parameters) => reach(() => output(server, ...parameters)),
    lookup: (which) => reach(() => ingress.lookup(scopedReference(which), { header: {}, ...soon })),
    get: (id) => reach(() => getInvocation(server, id, soon)),
    inspect: (id) => reach(() => inspectInvocation(server, id, soon)),
    list: (query) => reach(() => listInvocations(admin, kinds, query, soon)),
    count: () => reach(() => countInvocations(admin, soon)),
    statistics: () => reach(() => readStatistics(admin, soon)),
    checkWritable: () => reach(() => checkIngress(ingressUrl, http, soon)),
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
