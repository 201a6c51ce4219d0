import type { MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import {
  type InvocationSchema,
  InvocationState,
} from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import type { IngressApi } from "../../restate-api/ingress-api.ts";
import type { InvocationReference } from "../../restate-api/invocation-reference.ts";
import { isNotReady } from "../../restate-api/response-error.ts";
import { type ExchangeRequest, requestOptions } from "./call.ts";

/**
 * Restate's ingress only reports whether an invocation has ended, and its outcome. The state of an invocation
 * that has not ended stays unspecified: only the admin API knows it.
 */
export async function invocationInfo(
  which: InvocationReference,
  ingress: IngressApi,
  request: ExchangeRequest,
): Promise<MessageInitShape<typeof InvocationSchema>> {
  /** Browsers do not see the header. */
  const idFrom = async (header: Headers) =>
    typeof which === "string"
      ? which
      : (header.get(restateHeaders.invocationId) ?? (await ingress.lookup(which, requestOptions(request))));
  try {
    const { header } = await ingress.output(which, requestOptions(request));
    return { id: await idFrom(header), state: InvocationState.SUCCEEDED };
  } catch (reason) {
    const error = ConnectError.from(reason);
    if (isNotReady(error)) {
      return { id: await idFrom(error.metadata) };
    }
    if (error.metadata.get(restateHeaders.errorSource) !== "invocation") {
      throw reason;
    }
    const lastFailure = { code: codeToString(error.code), message: error.rawMessage };
    return { id: await idFrom(error.metadata), state: InvocationState.FAILED, lastFailure };
  }
}
