import type { InvokeRequest } from "../../../generated/dev/restate/services_pb.ts";
import { invoked } from "../../model/call-subject.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { targetOf } from "../../model/target.ts";
import type { SendAnswer } from "../../restate-api/ingress-api.ts";
import { readDelayMs } from "../../wire/invocation-headers.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import { contentTypes, encodePayload, type Payload } from "../../wire/payload.ts";
import type { BuiltinContext } from "./builtin-context.ts";
import { requestOptions } from "./call.ts";

/** `dev.restate.Ingress/Invoke` is `/send` on Restate, and the delay a query parameter. */
export async function invoke(message: InvokeRequest, { ingress, request, encoding }: BuiltinContext) {
  const delayMs = readDelayMs((name) => request.header.get(name));
  const objectKey = readObjectKey((name) => request.header.get(name));
  const subject = request.contextValues.get(invoked);
  const target =
    subject === undefined
      ? { service: message.service, method: message.method, key: objectKey }
      : targetOf(subject.method, subject.request, objectKey);
  // Typed clients have written the request in binary already.
  const payload =
    subject === undefined || encoding.format === "binary"
      ? payloadOf(message)
      : encodePayload(encoding.format, subject.method.input, subject.request, encoding);
  const answer = await ingress.send(target, payload, { ...requestOptions(request), delayMs });
  return {
    message: { id: answer.id },
    get header() {
      return answeredHeader(answer);
    },
  };
}

/** What our own ingress says of a send in headers. */
function answeredHeader({ header, id, duplicate, executionTime }: SendAnswer): Headers {
  const answered = new Headers(header);
  answered.set(restateHeaders.invocationId, id);
  answered.set(restateHeaders.sendStatus, duplicate ? "previously-accepted" : "accepted");
  if (executionTime !== undefined) {
    answered.set(restateHeaders.executionTime, executionTime);
  }
  return answered;
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
