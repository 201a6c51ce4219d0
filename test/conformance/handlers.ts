import { create, type DescService, type Message } from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import type { Context, Handlers } from "../../src/service/index.ts";
import type { Header, RequestInfo, UnaryRequest } from "./messages.ts";
import type { Schemas } from "./schemas.ts";

/** The suite's unary methods, as a user would write them: each request says what to answer. */
export function unaryHandlers(schemas: Schemas): Handlers<DescService> {
  async function answerAsAsked(message: Message, ctx: Context): Promise<Record<string, unknown>> {
    const { responseDefinition: asked } = message as UnaryRequest;
    append(ctx.responseHeaders, asked?.responseHeaders ?? []);
    append(ctx.responseTrailers, asked?.responseTrailers ?? []);
    await new Promise((resolve) => setTimeout(resolve, asked?.responseDelayMs ?? 0));
    const requestInfo = requestInfoOf(message, ctx, schemas);
    const response = asked?.response;
    if (response?.case === "error") {
      const { code, message: text = "", details } = response.value;
      const error = new ConnectError(text, code);
      error.details = [...details, anyPack(schemas.requestInfo, requestInfo)].map(detailOf);
      throw error;
    }
    const data = response?.case === "responseData" ? response.value : new Uint8Array();
    return { payload: { data, requestInfo } };
  }

  return {
    unary: answerAsAsked,
    idempotentUnary: answerAsAsked,
    unimplemented() {
      throw new ConnectError("this method is not implemented", Code.Unimplemented);
    },
  };
}

function requestInfoOf(message: Message, ctx: Context, { registry, requestInfo }: Schemas): RequestInfo {
  const schema = registry.getMessage(message.$typeName);
  if (schema === undefined) {
    throw new Error(`the suite has no ${message.$typeName}`);
  }
  const timeoutMs = timeoutOf(ctx.requestHeaders);
  return create(requestInfo, {
    requestHeaders: [...ctx.requestHeaders].map(([name, value]) => ({ name, value: [value] })),
    ...(timeoutMs === undefined ? {} : { timeoutMs: BigInt(Math.trunc(timeoutMs)) }),
    requests: [anyPack(schema, message)],
  });
}

function timeoutOf(headers: Headers): number | undefined {
  const longest = Number.MAX_SAFE_INTEGER;
  return (
    parseConnectTimeout(headers.get("connect-timeout-ms"), longest).timeoutMs ??
    parseGrpcTimeout(headers.get("grpc-timeout"), longest).timeoutMs
  );
}

function detailOf({ typeUrl, value }: Any): { type: string; value: Uint8Array } {
  return { type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value };
}

function append(headers: Headers, list: readonly Header[]): void {
  for (const { name, value } of list) {
    for (const one of value) {
      headers.append(name, one);
    }
  }
}
