import type { Transport } from "@connectrpc/connect";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";

/** A transport that cancels through another one, to the admin port. All else goes where it went. */
export function cancelThrough(admin: Transport, transport: Transport): Transport {
  const cancel = Invocations.method.cancel;
  return {
    unary: (method, ...request) => {
      const isCancel = method.parent.typeName === cancel.parent.typeName && method.name === cancel.name;
      return (isCancel ? admin : transport).unary(method, ...request);
    },
    stream: (...request) => transport.stream(...request),
  };
}
