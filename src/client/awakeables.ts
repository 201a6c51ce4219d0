import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Awakeables as AwakeablesService } from "../../generated/dev/restate/services_pb.ts";
import type { CallOptions } from "./options.ts";
import { unary } from "./unary.ts";

/** Completes the awakeables that handlers wait for. The first completion wins, later ones are ignored. */
export interface Awakeables {
  /**
   * Completes an awakeable with a message of the schema that the handler waits for.
   *
   * @throws ConnectError `invalid_argument` when the id is malformed.
   */
  resolve<S extends DescMessage>(
    id: string,
    schema: S,
    value: MessageInitShape<S>,
    options?: CallOptions,
  ): Promise<void>;
  /** Fails an awakeable: the handler sees a terminal error with this reason. */
  reject(id: string, reason: string, options?: CallOptions): Promise<void>;
}

/** A client of `dev.restate.Awakeables` that takes typed messages. */
export function awakeables(transport: Transport): Awakeables {
  return {
    async resolve(id, schema, value, options) {
      const bytes = toBinary(schema, create(schema, value));
      const result = { case: "bytesResult", value: bytes } as const;
      await unary(transport, AwakeablesService.method.resolve, { id, result }, options);
    },
    async reject(id, reason, options) {
      await unary(transport, AwakeablesService.method.reject, { id, reason }, options);
    },
  };
}
