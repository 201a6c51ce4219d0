import type { ServiceKind } from "../model/service-kind.ts";
import { JsonCallError } from "./error.ts";
import type { JsonCallOptions, JsonClientOptions, JsonInvocation, JsonSendOptions } from "./options.ts";
import { post } from "./post.ts";

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
  const objectAt = (key: string) => methodsOf(service, options, requireKey(service, key));
  const client =
    service.kind === "workflow"
      ? { workflow: objectAt }
      : service.kind === "object"
        ? { key: objectAt }
        : { ...methodsOf(service, options), ...(service.kind === "keyed" && { key: objectAt }) };
  return client as T;
}

/** Creates the calls and sends of a service, or of its object with this key. */
function methodsOf(
  { name: service, methods }: JsonService,
  options: JsonClientOptions,
  key?: string,
): object {
  const client: Record<string, unknown> = {};
  const sends: Record<string, unknown> = {};
  for (const [member, { name, key: keyField, run, noRequest, noResponse }] of Object.entries(methods)) {
    const keyHeader: Record<string, string> =
      key === undefined || keyField !== undefined ? {} : { "x-restate-object-key": encodeURIComponent(key) };
    const request = (given: object = {}) =>
      key === undefined || keyField === undefined ? given : { ...given, [keyField]: key };

    const call = async (given?: object, callOptions?: JsonCallOptions) => {
      const { message } = await post(options, `${service}/${name}`, request(given), callOptions, keyHeader);
      return noResponse ? undefined : message;
    };
    const send = (given?: object, sendOptions?: JsonSendOptions) =>
      invoke(options, { service, method: name, argument: request(given) }, sendOptions, keyHeader);

    client[member] = withArguments(run ? send : call, noRequest);
    if (!run) {
      sends[member] = withArguments(send, noRequest);
    }
  }
  return { ...client, send: sends };
}

async function invoke(
  options: JsonClientOptions,
  invocation: object,
  { delay = 0, ...callOptions }: JsonSendOptions = {},
  keyHeader: Readonly<Record<string, string>>,
): Promise<JsonInvocation> {
  const delayHeader = delay === 0 ? keyHeader : { ...keyHeader, "x-restate-delay": String(Math.ceil(delay)) };
  const answer = await post(options, "dev.restate.Ingress/Invoke", invocation, callOptions, delayHeader);
  const { id } = answer.message as JsonInvocation;
  const isConfirmed =
    answer.headers.has("x-restate-execution-time") ||
    // A duplicate of a send that may have had no delay.
    answer.headers.get("x-restate-send-status") === "previously-accepted";
  if (delay !== 0 && !isConfirmed) {
    const message = `the server does not support delays and accepted ${id} to run immediately. Cancel it by id if that is wrong`;
    throw new JsonCallError("failed_precondition", message);
  }
  return { id };
}

/** A method of the generated interface: without a request if that is `google.protobuf.Empty`. */
function withArguments<O, R>(
  method: (request?: object, options?: O) => Promise<R>,
  noRequest: boolean | undefined,
): unknown {
  return noRequest ? (options?: O) => method(undefined, options) : method;
}

function requireKey({ name }: JsonService, key: string): string {
  if (typeof key === "string" && key !== "") {
    return key;
  }
  throw new JsonCallError("invalid_argument", `the key of ${name} must be a non-empty string`);
}
