import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { handlerKind } from "../model/handler-kind.ts";
import type { Idempotency } from "../model/invocation.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { type GetHeader, readIdempotency } from "../wire/invocation-headers.ts";

/**
 * The idempotency of a request to a method, in the scope of its caller.
 *
 * @throws ConnectError `invalid_argument` for a workflow's run, as by Restate: its id makes it run once, and
 *   a second key could only contradict that.
 */
export function idempotencyOf(
  method: DescMethod,
  header: GetHeader,
  scope: string | undefined,
): Idempotency | undefined {
  const idempotency = readIdempotency(header);
  if (idempotency !== undefined && handlerKind(method) === "run") {
    throw new ConnectError(
      `${method.parent.typeName}/${method.name} runs once for each id of the workflow: leave ${restateHeaders.idempotencyKey} out`,
      Code.InvalidArgument,
    );
  }
  return idempotency && { ...idempotency, scope };
}
