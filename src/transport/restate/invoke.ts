import type { InvokeRequest } from "../../../generated/dev/restate/services_pb.ts";
import { invoked } from "../../contract/call-subject.ts";
import { targetOf } from "../../contract/target.ts";
import { readDelayMs } from "../../wire/invocation-headers.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import { contentTypes, encodePayload, type Payload } from "../../wire/payload.ts";
import { restateHeaders } from "../../wire/restate-headers.ts";
import type { BuiltinContext } from "./builtins.ts";
import { requestOptions } from "./call.ts";

/** `dev.restate.Ingress/Invoke` is `/send` on Restate, and the delay a query parameter. */
export async function invoke(message: InvokeRequest, { ingress, request, encoding }: BuiltinContext) {
  const delayMs = readDelayMs((name) => request.header.get(name));
  const objectKey = readObjectKey((name) => request.header.get(name));
  const subject = request.contextValues.get(invoked);
  const [target, payload] =
    subject === undefined
      ? [
          { service: message.service, method: message.method, key: objectKey },
          payloadWithoutDescriptor(message),
        ]
      : [
          targetOf(subject.method, subject.request, objectKey),
          encodePayload(encoding.format, subject.method.input, subject.request, encoding),
        ];
  const answer = await ingress.send(target, payload, { ...requestOptions(request), delayMs });
  const answered = new Headers(answer.header);
  answered.set(restateHeaders.invocationId, answer.id);
  answered.set(restateHeaders.sendStatus, answer.duplicate ? "previously-accepted" : "accepted");
  if (answer.executionTime !== undefined) {
    answered.set(restateHeaders.executionTime, answer.executionTime);
  }
  return { header: answered, message: { id: answer.id } };
}

/** For an Invoke that no typed client made. */
function payloadWithoutDescriptor({ argument }: InvokeRequest): Payload {
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
