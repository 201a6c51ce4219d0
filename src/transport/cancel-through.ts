import type { Transport } from "@connectrpc/connect";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";

/** A transport that cancels through `admin`, a transport to the admin port. Everything else is sent through `transport`. */
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
