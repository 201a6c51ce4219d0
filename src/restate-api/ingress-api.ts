import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpClient, HttpRequest, HttpResponse, Wait } from "../http/http.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import type { IdempotentTarget, Target, WorkflowRun } from "../model/target.ts";
import type { HeaderRecord } from "../wire/caller-headers.ts";
import { toRestateKey } from "../wire/object-key.ts";
import type { Payload } from "../wire/payload.ts";
import type { AdminApi } from "./admin-api.ts";
import {
  type InvocationReference,
  lookupPayload,
  nameOfInvocation,
  pathOfInvocation,
} from "./invocation-reference.ts";
import { isUnknownInvocation, notRestate, responseError } from "./response-error.ts";

/** What Restate 1.x does for callers, in bytes. Each method rejects with a `ConnectError`. */
export interface IngressApi {
  /** Request-response. */
  call(target: Target, payload: Payload, options: RequestOptions): Promise<IngressAnswer>;
  /** One-way: resolves once Restate holds the invocation. */
  send(target: Target, payload: Payload, options: SendRequestOptions): Promise<SendAnswer>;
  /** Waits for an outcome. */
  attach(which: InvocationReference, options: RequestOptions): Promise<IngressAnswer>;
  /** An outcome, or `failed_precondition` (Restate's code 470) while there is none. */
  output(which: InvocationReference, options: RequestOptions): Promise<IngressAnswer>;
  /** The id of an invocation, whether there is one yet or not. */
  lookup(which: WorkflowRun | IdempotentTarget, options: RequestOptions): Promise<string>;
  /** Asks an invocation to stop. One that has ended is left as it is. */
  cancel(which: InvocationReference, options: RequestOptions): Promise<void>;
  resolveAwakeable(id: string, value: Payload, options: RequestOptions): Promise<void>;
  rejectAwakeable(id: string, reason: string, options: RequestOptions): Promise<void>;
}

/** An outcome as the handler wrote it. The headers have the invocation's id, but not in browsers. */
export type IngressAnswer = Pick<HttpResponse, "header" | "body" | "get" | "hidesHeaders">;

export interface RequestOptions extends Wait {
  /** Headers for the handler, and Restate's own. */
  readonly header: HeaderRecord;
}

export interface SendRequestOptions extends RequestOptions {
  /** Run this many ms from now, or later. */
  readonly delayMs?: number | undefined;
}

export interface SendAnswer {
  readonly id: string;
  /** True when the idempotency key had been used before. */
  readonly duplicate: boolean;
  /** When a delayed invocation is due, RFC 3339. */
  readonly executionTime?: string;
  readonly response: Pick<HttpResponse, "header">;
}

/** The HTTP ingress that a client leads to, and for `cancel` the admin API. Errors name the base URL. */
export function ingressApi(baseUrl: string, http: HttpClient, admin?: AdminApi): IngressApi {
  const exchange = async (request: HttpRequest, namesInvocation = false): Promise<HttpResponse> => {
    const response = await http(request);
    const error = responseError(baseUrl + request.path, request, response, namesInvocation);
    if (error !== undefined) {
      throw error;
    }
    return response;
  };
  /** Restate does not decode an idempotency key in a path: it goes in a body. */
  const outcome = (verb: "attach" | "output", which: InvocationReference, options: RequestOptions) => {
    const request: HttpRequest =
      typeof which !== "string" && "idempotencyKey" in which
        ? post(`/restate/${verb}`, lookupPayload(which), options)
        : { method: "GET", path: `${pathOfInvocation(which)}/${verb}`, ...options };
    return exchange(request, true);
  };
  /** Restate's own JSON, with an invocation's id in it. */
  const exchangeJson = async (request: HttpRequest) => {
    const response = await exchange(request);
    const body = readJson(response);
    if (typeof body?.invocationId !== "string") {
      throw notRestate(baseUrl + request.path, request, response);
    }
    return { ...body, invocationId: body.invocationId, response };
  };
  const lookup: IngressApi["lookup"] = async (which, options) =>
    (await exchangeJson(post("/restate/lookup", lookupPayload(which), options))).invocationId;

  return {
    call: (target, payload, options) => exchange(post(pathOf(target), payload, options), true),
    async send(target, payload, options) {
      const delay = options.delayMs === undefined ? "" : `?delay=${options.delayMs}ms`;
      const answer = await exchangeJson(post(`${pathOf(target)}/send${delay}`, payload, options));
      return {
        id: answer.invocationId,
        duplicate: answer.status === "PreviouslyAccepted",
        ...(answer.executionTime === undefined ? {} : { executionTime: answer.executionTime }),
        response: answer.response,
      };
    },
    attach: (which, options) =>
      outcome("attach", which, options).catch((reason: unknown) => {
        throw isUnknownInvocation(reason) ? unknownInvocation(which) : reason;
      }),
    output: (which, options) => outcome("output", which, options),
    lookup,
    async cancel(which, options) {
      if (admin === undefined) {
        throw new ConnectError(
          "Restate cancels through its admin API only: give createTransport() of restate-connect/node its adminUrl",
          Code.FailedPrecondition,
        );
      }
      const id = typeof which === "string" ? which : await lookup(which, options);
      await admin.end(id, "cancel", options);
    },
    async resolveAwakeable(id, value, options) {
      await exchange(post(`/restate/awakeables/${encodeURIComponent(id)}/resolve`, value, options));
    },
    async rejectAwakeable(id, reason, options) {
      const bytes = new TextEncoder().encode(reason);
      const payload = { contentType: "text/plain", bytes };
      await exchange(post(`/restate/awakeables/${encodeURIComponent(id)}/reject`, payload, options));
    },
  };
}

function unknownInvocation(which: InvocationReference): ConnectError {
  return new ConnectError(
    `invocation ${nameOfInvocation(which)} is not known, or its retention is over`,
    Code.NotFound,
    { [restateHeaders.errorSource]: "ingress" },
  );
}

function pathOf({ service, method, key }: Target): string {
  const restateKey = toRestateKey(key);
  return restateKey === undefined
    ? `/${service}/${method}`
    : `/${service}/${encodeURIComponent(restateKey)}/${method}`;
}

function post(path: string, body: Payload, { header, signal, limit }: RequestOptions): HttpRequest {
  return { method: "POST", path, header, body, signal, limit };
}

/** What Restate answers in JSON itself, to a send and to a lookup. */
interface InvocationJson {
  readonly invocationId?: unknown;
  readonly status?: string;
  /** RFC 3339. */
  readonly executionTime?: string;
}

function readJson({ body }: HttpResponse): InvocationJson | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as InvocationJson;
  } catch {
    return undefined;
  }
}
