import { create, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport, type UnaryResponse } from "@connectrpc/connect";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { callLimit } from "../http/call-limit.ts";
import type { AdminApi } from "../restate-api/admin-api.ts";

const { cancel } = Invocations.method;

/**
 * A transport that cancels through the admin port, and sends everything else through `transport`. An ingress cancels
 * by `restateconnect.v1.Invocations` there; a Restate server, which has no such service, by its admin API.
 */
export function cancelThrough(admin: Transport, api: AdminApi, transport: Transport): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      if (method.parent.typeName !== cancel.parent.typeName || method.name !== cancel.name) {
        return await transport.unary(method, signal, timeoutMs, header, input, contextValues);
      }
      try {
        return await admin.unary(method, signal, timeoutMs, header, input, contextValues);
      } catch (reason) {
        if (ConnectError.from(reason).code !== Code.Unimplemented) {
          throw reason;
        }
      }
      // The method is this one: its name says so.
      const { id } = create(method.input, input) as unknown as MessageShape<typeof cancel.input>;
      await api.cancel(requireId(id), { signal, limit: callLimit(timeoutMs ?? adminTimeoutMs) });
      const response = { stream: false, service: method.parent, method, message: create(method.output) };
      return { ...response, header: new Headers(), trailer: new Headers() } as UnaryResponse<
        typeof method.input,
        typeof method.output
      >;
    },
    stream: (...call) => transport.stream(...call),
  };
}

/** How long a Restate server may take to record a cancellation, ms. */
const adminTimeoutMs = 30_000;

function requireId(id: string): string {
  if (id !== "") {
    return id;
  }
  throw new ConnectError(
    'a Restate server cancels by id: take it from the send, or look it up with get() and protocol: "restate"',
    Code.InvalidArgument,
  );
}
