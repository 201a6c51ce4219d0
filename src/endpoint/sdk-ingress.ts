import { Code, ConnectError } from "@connectrpc/connect";
import { InvocationIdParser, type RestatePromise, serde } from "@restatedev/restate-sdk";
import { restateHeaders } from "../model/restate-headers.ts";
import type { Target } from "../model/target.ts";
import type { IngressApi, RequestOptions } from "../restate-api/ingress-api.ts";
import { type InvocationReference, nameOfInvocation } from "../restate-api/invocation-reference.ts";
import { toRestateKey } from "../wire/object-key.ts";
import type { Payload } from "../wire/payload.ts";
import type { SdkContext } from "./sdk-context.ts";
import { fromSdkError } from "./sdk-error.ts";

/** Calls Restate on behalf of an invocation, through the SDK. `timeoutMs` is a durable timer. */
export function sdkIngress(sdk: SdkContext, timeoutMs: number | undefined): IngressApi {
  const wait = async (promise: RestatePromise<Uint8Array>) => {
    try {
      const timed = timeoutMs === undefined || timeoutMs <= 0 ? promise : promise.orTimeout(timeoutMs);
      return { header: new Headers(), get: () => undefined, hidesHeaders: false, body: await timed };
    } catch (reason) {
      throw fromSdkError(reason);
    }
  };
  return {
    call: (target, payload, options) => wait(sdk.genericCall(invocationOf(target, payload, options))),
    async send(target, payload, { header, signal, delayMs = 0 }) {
      const handle = sdk.genericSend({
        ...invocationOf(target, payload, { header, signal }),
        delay: delayMs,
      });
      const id = await handle.invocationId;
      const executionTime = new Date(Date.now() + delayMs).toISOString();
      return {
        id,
        duplicate: false,
        response: { header: new Headers() },
        ...(delayMs === 0 ? {} : { executionTime }),
      };
    },
    attach: (which) =>
      typeof which === "string"
        ? wait(sdk.invocation(InvocationIdParser.fromString(which)).attach(serde.binary))
        : Promise.reject(noLookup(which)),
    output: () =>
      Promise.reject(
        new ConnectError(
          "handlers on Restate can attach to an invocation, but cannot read its state",
          Code.Unimplemented,
        ),
      ),
    lookup: (which) => Promise.reject(noLookup(which)),
    async cancel(which) {
      if (typeof which !== "string") {
        throw noLookup(which);
      }
      sdk.cancel(InvocationIdParser.fromString(which));
    },
    async resolveAwakeable(id, { bytes }) {
      sdk.resolveAwakeable(id, bytes, serde.binary);
    },
    async rejectAwakeable(id, reason) {
      sdk.rejectAwakeable(id, reason);
    },
  };
}

function noLookup(which: InvocationReference): ConnectError {
  return new ConnectError(
    `handlers on Restate can attach by id only: keep the id that the send of ${nameOfInvocation(which)} returned`,
    Code.Unimplemented,
  );
}

function invocationOf({ service, method, key }: Target, payload: Payload, { header }: RequestOptions) {
  const { [restateHeaders.idempotencyKey]: idempotencyKey, ...headers } = header;
  const objectKey = toRestateKey(key);
  return {
    service,
    method,
    parameter: payload.bytes,
    inputSerde: serde.binary,
    outputSerde: serde.binary,
    headers: { ...headers, "content-type": payload.contentType },
    ...(objectKey === undefined ? {} : { key: objectKey }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}
