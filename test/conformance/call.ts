import { create, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { type Any, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { createClient } from "../../src/client/create-client.ts";
import type { CallOptions } from "../../src/client/options.ts";
import type { ClientCompatRequest, ClientCompatResponse, ClientResponseResult, Header } from "./messages.ts";
import type { Schemas } from "./schemas.ts";

/** A typed client, once its types are erased. */
type Client = Readonly<Record<string, (request: Message, options: CallOptions) => Promise<Message>>>;

/** Makes the call that a test case asks for, through the runtime of our generated clients, and reports what came back. */
export async function callAsAsked(
  schemas: Schemas,
  asked: ClientCompatRequest,
  createTransport: () => Transport,
): Promise<ClientCompatResponse> {
  const respond = (result: MessageInitShape<Schemas["clientResponse"]>["result"]): ClientCompatResponse =>
    create(schemas.clientResponse, { testName: asked.testName, result } as MessageInitShape<
      Schemas["clientResponse"]
    >);
  try {
    const call = prepare(schemas, asked, createTransport());
    return respond({ case: "response", value: await call() });
  } catch (reason) {
    const message = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    return respond({ case: "error", value: { message } });
  }
}

/** Throws where the case cannot be put to a client at all. */
function prepare(
  schemas: Schemas,
  asked: ClientCompatRequest,
  transport: Transport,
): () => Promise<ClientResponseResult> {
  const { registry, service } = schemas;
  const method = service.methods.find(({ name }) => name === asked.method);
  const [packed] = asked.requestMessages;
  const request = packed === undefined ? undefined : anyUnpack(packed, registry);
  if (method?.methodKind !== "unary" || request === undefined) {
    throw new Error(`${asked.method} is not a unary method of the suite, or has no request`);
  }
  const call = createClient<Client>(service, transport)[method.localName];
  if (call === undefined) {
    throw new Error(`the client has no ${method.localName}`);
  }
  return async () => {
    await delay(asked.requestDelayMs);
    const result: ClientResponseResult = {};
    try {
      const response = (await call(request, callOptions(asked, result))) as { payload?: Message };
      result.payloads = [response.payload ?? create(schemas.payload)];
    } catch (reason) {
      const error = ConnectError.from(reason);
      result.responseTrailers = headerList(error.metadata);
      result.error = { code: error.code, message: error.rawMessage, details: error.details.map(packDetail) };
    }
    return result;
  };
}

function callOptions(asked: ClientCompatRequest, result: ClientResponseResult): CallOptions {
  return {
    headers: asked.requestHeaders.flatMap(({ name, value }) =>
      value.map((one): [string, string] => [name, one]),
    ),
    signal: cancelSignal(asked),
    ...(asked.timeoutMs === undefined ? {} : { timeoutMs: asked.timeoutMs }),
    onHeader: (header) => {
      result.responseHeaders = headerList(header);
    },
    onTrailer: (trailer) => {
      result.responseTrailers = headerList(trailer);
    },
  };
}

/** A case without a time to cancel at cancels at once. */
function cancelSignal({ cancel }: ClientCompatRequest): AbortSignal {
  const controller = new AbortController();
  if (cancel !== undefined) {
    const { cancelTiming } = cancel;
    const afterMs = cancelTiming.case === "afterCloseSendMs" ? cancelTiming.value : 0;
    setTimeout(() => controller.abort(), afterMs);
  }
  return controller.signal;
}

function headerList(headers: Headers): Header[] {
  return [...headers].map(([name, value]) => ({ name, value: [value] }));
}

/** Details come back as the type and bytes that were on the wire. */
function packDetail(detail: ConnectError["details"][number]): Any {
  return "desc" in detail
    ? anyPack(detail.desc, create(detail.desc, detail.value))
    : {
        $typeName: "google.protobuf.Any",
        typeUrl: `type.googleapis.com/${detail.type}`,
        value: detail.value,
      };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
