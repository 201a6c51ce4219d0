import type { ServiceKind } from "../model/service-kind.ts";
import { JsonCallError } from "./error.ts";
import { jsonInvocation } from "./invocation.ts";
import type { JsonCallOptions, JsonClientOptions, JsonSendOptions } from "./options.ts";
import { type OwnHeaders, post } from "./post.ts";

/** The parts of a service's descriptor that a JSON client needs. Generated code contains them. */
export interface JsonService {
  /** Full name: `org.example.Greeter`. */
  readonly name: string;
  /** Kind of the service: whether it has keys, and where a request carries them. */
  readonly kind: ServiceKind;
  /** Methods by their names on the client. The run of a workflow is `submit`. */
  readonly methods: Readonly<Record<string, JsonMethod>>;
}

/** The parts of a method's descriptor that a JSON client needs. */
export interface JsonMethod {
  /** Name in the proto file. */
  readonly name: string;
  /** JSON name of the KEY field, for a KEYED service. */
  readonly key?: string;
  /** True for the run of a workflow, which can be sent but not called. */
  readonly run?: boolean;
  /** True if the request is `google.protobuf.Empty`: the method takes no request. */
  readonly noRequest?: boolean;
  /** True if the response is `google.protobuf.Empty`: the call resolves to undefined. */
  readonly noResponse?: boolean;
}

/**
 * Creates the object behind a generated JSON client: `createGreeterJsonClient(options)` calls this. `T` is its
 * interface, generated from the same proto as `service`.
 */
export function createJsonClient<T>(service: JsonService, options: JsonClientOptions): T {
  const { name, kind } = service;
  const objectAt = (key: string) => {
    // No URL, and so none of our headers, can hold half of a surrogate pair.
    if (typeof key !== "string" || !key || /\p{Cs}/u.test(key)) {
      throw new JsonCallError("invalid_argument", `the key of ${name} must be a non-empty string`);
    }
    return methodsOf(service, options, key);
  };
  const client =
    kind === "workflow"
      ? { workflow: objectAt }
      : {
          ...(kind !== "object" && methodsOf(service, options)),
          ...((kind === "keyed" || kind === "object") && { key: objectAt }),
        };
  return client as T;
}

/** Creates the calls and sends of a service, or of its object with this key. */
function methodsOf({ name, methods }: JsonService, options: JsonClientOptions, key?: string): object {
  const client: Record<string, unknown> = {};
  const sends: Record<string, unknown> = {};
  for (const [member, method] of Object.entries(methods)) {
    const { key: keyField, run, noRequest, noResponse } = method;
    const headers = { "x-restate-object-key": key && !keyField ? encodeURIComponent(key) : undefined };
    /** Without a request if that is `google.protobuf.Empty`. */
    const taking =
      <O>(ask: (request: object, options?: O) => unknown) =>
      (...args: readonly unknown[]) => {
        const [given, callOptions] = (noRequest ? [{}, ...args] : args) as [object?, O?];
        return ask({ ...given, ...(key && keyField && { [keyField]: key }) }, callOptions);
      };
    const call = taking<JsonCallOptions>(async (request, callOptions) => {
      const { message } = await post(options, `${name}/${method.name}`, request, callOptions, headers);
      return noResponse ? undefined : message;
    });
    const send = taking<JsonSendOptions>(async (argument, sendOptions = {}) => {
      const { delay, ...callOptions } = sendOptions;
      const invocation = { service: name, method: method.name, argument };
      const id = await invoke(options, invocation, callOptions, headers, delay);
      return jsonInvocation(options, id, noResponse);
    });
    client[member] = run ? send : call;
    if (!run) {
      sends[member] = send;
    }
  }
  return { ...client, send: sends };
}

/** Sends, and returns the id of the invocation. */
async function invoke(
  options: JsonClientOptions,
  invocation: object,
  callOptions: JsonCallOptions,
  keyHeader: OwnHeaders,
  delay: number | undefined,
): Promise<string> {
  const { message, headers } = await post(options, "dev.restate.Ingress/Invoke", invocation, callOptions, {
    ...keyHeader,
    "x-restate-delay": delay ? Math.ceil(delay) : undefined,
  });
  const { id } = message as { readonly id: string };
  const isConfirmed =
    headers.has("x-restate-execution-time") ||
    // A duplicate of a send that may have had no delay.
    headers.get("x-restate-send-status") === "previously-accepted";
  if (delay && !isConfirmed) {
    throw new JsonCallError(
      "failed_precondition",
      `the server does not support delays: ${id} runs immediately`,
    );
  }
  return id;
}
