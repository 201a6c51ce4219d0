import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { refuseUnknownOptions } from "../model/known-options.ts";
import { binaryFormat } from "../wire/message-format.ts";
import type { UnaryProtocol } from "./unary/protocol.ts";
import { type NamedTransportOptions, namedOptionNames } from "./web-options.ts";
import { webUnary } from "./web-unary.ts";

/** A transport over `fetch` for one protocol, made by the function `name`, of Protobuf bytes, and without streams: a page loads nothing besides. */
export function namedTransport(
  name: string,
  options: NamedTransportOptions,
  protocol: UnaryProtocol,
  useHttpGet = false,
): Transport {
  refuseUnknownOptions(name, options, namedOptionNames);
  const { interceptors = [] } = options;
  return {
    ...webUnary(options, { format: binaryFormat, interceptors }, protocol, useHttpGet),
    stream: async (method) => {
      throw new ConnectError(
        `${method.parent.typeName}/${method.name} streams: use createTransport of restate-connect/web, whose transports have streams`,
        Code.Unimplemented,
      );
    },
  };
}
