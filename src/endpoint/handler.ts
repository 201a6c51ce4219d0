import { create, type DescMethod, type Message, type Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Context as SdkServiceContext } from "@restatedev/restate-sdk";
import type { Context } from "../model/context.ts";
import { keyField } from "../model/key-field.ts";
import { messageRegistry } from "../model/message-registry.ts";
import { serviceKind } from "../model/service-kind.ts";
import type { Tracing } from "../model/tracing.ts";
import type { Service } from "../service/service.ts";
import { decodeMessage, type Format } from "../wire/message-format.ts";
import { restateFormat, sniffFormat } from "../wire/payload.ts";
import { endpointContext } from "./context.ts";
import type { SdkContext } from "./sdk-context.ts";
import { toSdkError } from "./sdk-error.ts";

/** Wraps a typed handler for Restate's SDK: takes and returns bytes, in the format of the request. */
export function sdkHandler(
  service: Service,
  method: DescMethod,
  tracing?: Tracing | undefined,
): (sdk: SdkServiceContext, input: Uint8Array) => Promise<Uint8Array> {
  // service() checked that this handler exists and takes the method's request; only its type was erased.
  const run = service.handlers[method.localName] as unknown as (request: Message, ctx: Context) => unknown;
  const registry = messageRegistry([service.desc]);
  return async (sdk, input) => {
    try {
      const { headers, target } = sdk.request();
      const format = requestFormat(headers.get("content-type"), method, input);
      const request = decodeRequest(method, format, input, registry);
      nameObject(method, request, target.key);
      // A superset by type: the members for virtual objects throw if the service has no object.
      const ctx = endpointContext(sdk as SdkContext, objectKey(method, target.key), tracing);
      const result = await run(request, ctx);
      const response = create(method.output, (result ?? {}) as Record<string, unknown>);
      return restateFormat(format, { registry }).write(method.output, response);
    } catch (reason) {
      throw toSdkError(reason);
    }
  };
}

/** Services that call this one may omit the content type: Restate's SDKs send JSON. */
function requestFormat(contentType: string | undefined, { input }: DescMethod, bytes: Uint8Array): Format {
  if (contentType === undefined) {
    return sniffFormat(input, bytes);
  }
  return /^application\/(.*\+)?json\b/i.test(contentType) ? "json" : "binary";
}

/** Decodes the request. A request that cannot be decoded is a terminal error, because a retry would fail too. */
function decodeRequest(method: DescMethod, format: Format, input: Uint8Array, registry: Registry): Message {
  return decodeMessage({
    what: `the request of ${method.parent.typeName}/${method.name}`,
    schema: method.input,
    format: restateFormat(format, { registry }),
    bytes: input,
    code: Code.InvalidArgument,
  });
}

function objectKey(method: DescMethod, key: string | undefined): string | undefined {
  return serviceKind(method.parent) === "singleton" ? "" : key;
}

/** Fills the KEY field with the key of the path, and refuses a request whose field has a different key. */
function nameObject(method: DescMethod, request: Message, key: string | undefined): void {
  if (serviceKind(method.parent) !== "keyed" || key === undefined) {
    return;
  }
  const { localName, name } = keyField(method.input);
  const fields = request as Message & Record<string, unknown>;
  const named = fields[localName];
  if (named !== undefined && named !== "" && named !== key) {
    throw new ConnectError(
      `field ${name} of ${method.input.typeName} is ${JSON.stringify(named)}, but the path has the key ${JSON.stringify(key)}: ` +
        "leave the field empty, or use the same key in both",
      Code.InvalidArgument,
    );
  }
  fields[localName] = key;
}
