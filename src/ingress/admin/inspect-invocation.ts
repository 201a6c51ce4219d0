import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import type { InspectInvocationResponseSchema } from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine } from "../../engine/engine.ts";
import type { InvocationDetails } from "../../model/invocation.ts";
import type { HeaderList, Outcome } from "../../model/outcome.ts";
import { invocationMessage, unknownInvocation } from "../builtin/invocation-message.ts";

type Response = Exclude<MessageInitShape<typeof InspectInvocationResponseSchema>, Message>;

/**
 * The answer to `InspectInvocation`.
 *
 * @throws ConnectError `not_found`.
 */
export async function inspectInvocation(engine: Engine, id: string): Promise<Response> {
  const details = await engine.inspect(id);
  if (details === undefined) {
    throw unknownInvocation(id);
  }
  const { info, input, headers, failedAttempts, awakeables, waitsFor } = details;
  return {
    invocation: invocationMessage(info),
    ...(input === undefined ? {} : { request: input }),
    requestHeaders: headersOf(headers ?? []),
    ...(info.completedAt === undefined ? {} : outcomeOf(await outcomeUnlessGone(engine, id))),
    failedAttempts: (failedAttempts ?? []).map(({ failedAt, code, message }) => ({
      failedAt: timestampFromDate(failedAt),
      failure: { code: codeToString(code), message },
    })),
    awakeables: [...(awakeables ?? [])],
    waitsFor: [...(waitsFor ?? [])],
    unknown: unknownFields(details),
  };
}

/** The names of the response's fields that the engine does not know. */
function unknownFields({
  input,
  headers,
  failedAttempts,
  awakeables,
  waitsFor,
}: InvocationDetails): string[] {
  const fields = {
    request: input,
    request_headers: headers,
    failed_attempts: failedAttempts,
    awakeables,
    waits_for: waitsFor,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [name] : []));
}

/** Its retention may have ended since it was looked at. */
async function outcomeUnlessGone(engine: Engine, id: string): Promise<Outcome | undefined> {
  try {
    return await engine.output(id);
  } catch (reason) {
    // The engine `restate` throws the error of the invocation where it cannot be told from one of its own.
    if (ConnectError.from(reason).code === Code.NotFound) {
      return undefined;
    }
    throw reason;
  }
}

function outcomeOf(outcome: Outcome | undefined): Response {
  if (outcome === undefined) {
    return {};
  }
  if (outcome.ok) {
    return {
      response: outcome.output,
      responseHeaders: headersOf(outcome.headers),
      responseTrailers: headersOf(outcome.trailers),
    };
  }
  const { code, message, details, metadata } = outcome.failure;
  return {
    error: { code: codeToString(code), message, details: [...details], metadata: headersOf(metadata) },
  };
}

function headersOf(list: HeaderList): { readonly name: string; readonly value: string }[] {
  return list.map(([name, value]) => ({ name, value }));
}
