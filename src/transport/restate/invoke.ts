import type { InvokeRequest } from "../../../generated/dev/restate/services_pb.ts";
import { type Invoked, invoked } from "../../model/call-subject.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { type Target, targetOf } from "../../model/target.ts";
import type { SendAnswer } from "../../restate-api/ingress-api.ts";
import { contentTypes } from "../../wire/content-types.ts";
import { readDelayMs } from "../../wire/invocation-headers.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import type { Payload } from "../../wire/payload.ts";
import type { LazyMetadata } from "../lazy-response.ts";
import type { BuiltinContext } from "./builtin-context.ts";
import { type Encoding, type ExchangeRequest, encodeRequest, requestOptions } from "./call.ts";

/** A send to Restate. */
interface Sending {
  readonly target: Target;
  readonly payload: Payload;
  readonly delayMs: number | undefined;
}

/** `dev.restate.Ingress/Invoke` is `/send` on Restate, and the delay a query parameter. */
export async function invoke(message: InvokeRequest, { ingress, request, encoding }: BuiltinContext) {
  const subject = request.contextValues.get(invoked);
  const { target, payload, delayMs } =
    subject === undefined ? untypedSending(message, request) : typedSending(subject, encoding);
  const answer = await ingress.send(target, payload, { ...requestOptions(request), delayMs });
  return { message: { id: answer.id }, metadata: new SendMetadata(answer) };
}

/** A send of a typed client, which says what it sends. */
function typedSending({ method, request, key, delayMs }: Invoked, encoding: Encoding): Sending {
  return {
    target: targetOf(method, request, key),
    payload: encodeRequest(method, request, encoding),
    delayMs,
  };
}

/** A send by an Invoke of the caller's own. */
function untypedSending(message: InvokeRequest, { header }: ExchangeRequest): Sending {
  const get = (name: string) => header.get(name);
  return {
    target: { service: message.service, method: message.method, key: readObjectKey(get) },
    payload: payloadOf(message),
    delayMs: readDelayMs(get),
  };
}

/** What our own ingress says of a send in headers. */
class SendMetadata implements LazyMetadata {
  readonly #answer: SendAnswer;

  constructor(answer: SendAnswer) {
    this.#answer = answer;
  }

  get header(): Headers {
    const { response, id, duplicate, executionTime } = this.#answer;
    const header = new Headers(response.header);
    header.set(restateHeaders.invocationId, id);
    header.set(restateHeaders.sendStatus, duplicate ? "previously-accepted" : "accepted");
    if (executionTime !== undefined) {
      header.set(restateHeaders.executionTime, executionTime);
    }
    return header;
  }
}

/** The request as it is in the Invoke. */
function payloadOf({ argument }: InvokeRequest): Payload {
  switch (argument.case) {
    case "payload":
      return {
        contentType: contentTypes.json,
        bytes: new TextEncoder().encode(JSON.stringify(argument.value)),
      };
    case "pb":
      return { contentType: contentTypes.binary, bytes: argument.value };
    default:
      return { contentType: contentTypes.binary, bytes: new Uint8Array(0) };
  }
}
