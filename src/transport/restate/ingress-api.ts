import { Code, ConnectError } from "@connectrpc/connect";
import type { Target, WorkflowRun } from "../../engine/engine.ts";
import { toRestateKey } from "../../wire/object-key.ts";
import { contentTypes, type Payload } from "../../wire/payload.ts";
import { restateHeaders } from "../../wire/restate-headers.ts";
import type { HeaderRecord, HttpClient, HttpRequest, HttpResponse } from "./http.ts";
import { responseError } from "./response-error.ts";

/** What Restate 1.x does for callers, in bytes. Each method rejects with a `ConnectError`. */
export interface IngressApi {
  /** Request-response. */
  call(target: Target, payload: Payload, options: RequestOptions): Promise<IngressAnswer>;
  /** One-way: resolves once Restate holds the invocation. */
  send(target: Target, payload: Payload, options: SendRequestOptions): Promise<SendAnswer>;
  /** Waits for an outcome. */
  attach(which: string | WorkflowRun, options: RequestOptions): Promise<IngressAnswer>;
  /** An outcome, or `failed_precondition` (Restate's code 470) while there is none. */
  output(which: string | WorkflowRun, options: RequestOptions): Promise<IngressAnswer>;
  /** The id of a workflow's run, whether it has begun or not. */
  lookup(workflow: WorkflowRun, options: RequestOptions): Promise<string>;
  resolveAwakeable(id: string, value: Payload, options: RequestOptions): Promise<void>;
  rejectAwakeable(id: string, reason: string, options: RequestOptions): Promise<void>;
}

/** An outcome as the handler wrote it. The headers have the invocation's id, but not in browsers. */
export type IngressAnswer = Pick<HttpResponse, "header" | "body" | "get">;

export interface RequestOptions {
  /** Headers for the handler, and Restate's own. */
  readonly header: HeaderRecord;
  readonly signal: AbortSignal | undefined;
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
  readonly header: Headers;
}

/** The HTTP ingress that a client leads to. Errors name the base URL. */
export function ingressApi(baseUrl: string, http: HttpClient): IngressApi {
  const exchange = async (request: HttpRequest): Promise<HttpResponse> => {
    const response = await http(request);
    const error = responseError(baseUrl + request.path, request, response);
    if (error !== undefined) {
      throw error;
    }
    return response;
  };
  const post = (path: string, { contentType, bytes }: Payload, { header, signal }: RequestOptions) =>
    exchange({
      method: "POST",
      path,
      header: { ...header, "content-type": contentType },
      body: bytes,
      signal,
    });
  const get = (path: string, { header, signal }: RequestOptions) =>
    exchange({ method: "GET", path, header, signal });

  return {
    call: (target, payload, options) => post(pathOf(target), payload, options),
    async send(target, payload, options) {
      const delay = options.delayMs === undefined ? "" : `?delay=${options.delayMs}ms`;
      return readSendAnswer(await post(`${pathOf(target)}/send${delay}`, payload, options));
    },
    attach: (which, options) => get(`${pathOfInvocation(which)}/attach`, options),
    output: (which, options) => get(`${pathOfInvocation(which)}/output`, options),
    async lookup(workflow, options) {
      const target = { target: "workflow", workflowName: workflow.service, workflowKey: workflow.id };
      const bytes = new TextEncoder().encode(JSON.stringify(target));
      const { body } = await post("/restate/lookup", { contentType: contentTypes.json, bytes }, options);
      return (JSON.parse(new TextDecoder().decode(body)) as { invocationId: string }).invocationId;
    },
    async resolveAwakeable(id, value, options) {
      await post(`/restate/awakeables/${encodeURIComponent(id)}/resolve`, value, options);
    },
    async rejectAwakeable(id, reason, options) {
      const bytes = new TextEncoder().encode(reason);
      await post(
        `/restate/awakeables/${encodeURIComponent(id)}/reject`,
        { contentType: "text/plain", bytes },
        options,
      );
    },
  };
}

function pathOfInvocation(which: string | WorkflowRun): string {
  return typeof which === "string"
    ? `/restate/invocation/${encodeURIComponent(which)}`
    : `/restate/workflow/${which.service}/${encodeURIComponent(which.id)}`;
}

function pathOf({ service, method, key }: Target): string {
  const restateKey = toRestateKey(key);
  return restateKey === undefined
    ? `/${service}/${method}`
    : `/${service}/${encodeURIComponent(restateKey)}/${method}`;
}

function readSendAnswer({ get, header, body }: HttpResponse): SendAnswer {
  const text = new TextDecoder().decode(body);
  const answer = JSON.parse(text) as { invocationId?: string; status?: string; executionTime?: string };
  const id = answer.invocationId ?? get(restateHeaders.invocationId);
  if (id === undefined) {
    throw new ConnectError(`Restate accepted a send and named no invocation: ${text}`, Code.Internal);
  }
  return {
    id,
    duplicate: answer.status === "PreviouslyAccepted",
    ...(answer.executionTime === undefined ? {} : { executionTime: answer.executionTime }),
    header,
  };
}
