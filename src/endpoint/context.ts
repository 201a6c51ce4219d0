import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { serde } from "@restatedev/restate-sdk";
import type { Context } from "../model/context.ts";
import type { Tracing } from "../model/tracing.ts";
import { decodeMessage } from "../wire/message-format.ts";
import { restateFormat, sniffFormat } from "../wire/payload.ts";
import { isRequestMetadata } from "../wire/protocol-headers.ts";
import { awaitSeveral } from "./await-several.ts";
import { lazyPromise } from "./lazy-promise.ts";
import type { SdkContext } from "./sdk-context.ts";
import { fromSdkError } from "./sdk-error.ts";
import { sdkTransport } from "./sdk-transport.ts";

/** Headers that Restate's ingress or its HTTP client adds: they are not the caller's. */
const restateOwn: ReadonlySet<string> = new Set(["x-restate-ingress-path", "user-agent", "accept"]);

/** The context of one attempt on a Restate server. */
export function endpointContext(
  sdk: SdkContext,
  key: string | undefined,
  tracing: Tracing | undefined,
): Context {
  awaitSeveral(sdk);
  const { id, headers, attemptCompletedSignal } = sdk.request();
  let requestHeaders: Headers | undefined;
  return {
    invocationId: id,
    key,
    attempt: 1,
    signal: attemptCompletedSignal,
    get requestHeaders() {
      requestHeaders ??= new Headers(
        [...headers].filter(([name]) => isRequestMetadata(name) && !restateOwn.has(name)),
      );
      return requestHeaders;
    },
    responseHeaders: new Headers(),
    responseTrailers: new Headers(),
    client: (create) =>
      create(
        sdkTransport(
          sdk,
          tracing?.passOnCallers((name) => headers.get(name)),
        ),
      ),
    awakeable(schema) {
      const { id, promise } = sdk.awakeable(serde.binary);
      return { id, promise: lazyPromise(() => readAwakeable(schema, id, promise)) };
    },
    sdk,
  };
}

async function readAwakeable<S extends DescMessage>(
  schema: S,
  id: string,
  promise: Promise<Uint8Array>,
): Promise<MessageShape<S>> {
  const bytes = await promise.catch((reason: unknown) => {
    const error = fromSdkError(reason);
    // A rejection has a reason but not a code. Restate then uses its default code.
    throw error instanceof ConnectError && error.code === Code.Internal
      ? new ConnectError(error.rawMessage, Code.Unknown)
      : error;
  });
  return decodeMessage({
    what: `the value of awakeable ${id}`,
    schema,
    format: restateFormat(sniffFormat(schema, bytes)),
    bytes,
    code: Code.InvalidArgument,
  });
}
