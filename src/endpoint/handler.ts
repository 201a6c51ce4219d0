import { create, type DescMethod, type Message, type Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Context as SdkServiceContext } from "@restatedev/restate-sdk";
import type { Context } from "../model/context.ts";
import { keyField } from "../model/key-field.ts";
import { messageRegistry } from "../model/message-registry.ts";
import { serviceKind } from "../model/service-kind.ts";
import type { Service } from "../service/service.ts";
import { decodePayload, encodePayload, type Format, sniffFormat } from "../wire/payload.ts";
import { endpointContext } from "./context.ts";
import type { SdkContext } from "./sdk-context.ts";
import { toSdkError } from "./sdk-error.ts";

/** A typed handler as Restate's SDK runs it: bytes in, bytes out, in the format of the request. */
export function sdkHandler(
  service: Service,
  method: DescMethod,
): (sdk: SdkServiceContext, input: Uint8Array) => Promise<Uint8Array> {
  // service() proved that this handler is there and takes the method's request: only its type forgot.
  const run = service.handlers[method.localName] as unknown as (request: Message, ctx: Context) => unknown;
  const registry = messageRegistry([service.desc]);
  return async (sdk, input) => {
    try {
      const { headers, target } = sdk.request();
      const format = requestFormat(headers.get("content-type"), method, input);
      const request = decodeRequest(method, format, input, registry);
      nameObject(method, request, target.key);
      // A superset by type: what virtual objects have beside services throws where there is no object.
      const ctx = endpointContext(sdk as SdkContext, objectKey(method, target.key));
      const result = await run(request, ctx);
      const response = create(method.output, (result ?? {}) as Record<string, unknown>);
      return encodePayload(format, method.output, response, { registry }).bytes;
    } catch (reason) {
      throw toSdkError(reason);
    }
  };
}

/** Other services that call this one need not say what they send: Restate's SDKs send JSON. */
function requestFormat(contentType: string | undefined, { input }: DescMethod, bytes: Uint8Array): Format {
  if (contentType === undefined) {
    return sniffFormat(input, bytes);
  }
  return /^application\/(.*\+)?json\b/i.test(contentType) ? "json" : "binary";
}

/** A request that cannot be read never will be: terminal. */
function decodeRequest(method: DescMethod, format: Format, input: Uint8Array, registry: Registry): Message {
  try {
    return decodePayload(format, method.input, input, { registry });
  } catch (cause) {
    throw new ConnectError(
      `request of ${method.parent.typeName}/${method.name} is no ${method.input.typeName} in ${format}: ${String(cause)}`,
      Code.InvalidArgument,
      undefined,
      undefined,
      cause,
    );
  }
}

function objectKey(method: DescMethod, key: string | undefined): string | undefined {
  return serviceKind(method.parent) === "singleton" ? "" : key;
}

/** The path names the object: fills the KEY field, and refuses a request that names another one. */
function nameObject(method: DescMethod, request: Message, key: string | undefined): void {
  if (serviceKind(method.parent) !== "keyed" || key === undefined) {
    return;
  }
  const { localName, name } = keyField(method.input);
  const fields = request as Message & Record<string, unknown>;
  const named = fields[localName];
  if (named !== undefined && named !== "" && named !== key) {
    throw new ConnectError(
      `field ${name} of ${method.input.typeName} says ${JSON.stringify(named)}, and the path ${JSON.stringify(key)}: ` +
        "leave the field empty, or let both name the same object",
      Code.InvalidArgument,
    );
  }
  fields[localName] = key;
}
