import { type DescMessage, fromBinary, fromJson, type MessageShape, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type {
  RejectAwakeableRequest,
  ResolveAwakeableRequest,
} from "../../generated/dev/restate/services_pb.ts";

/** What a caller completed an awakeable with. */
export interface AwakeableCompletion {
  /** Id of the awakeable. */
  readonly id: string;
  /** Why it was rejected. Undefined: it was resolved. */
  readonly reason: string | undefined;
  /**
   * The message that it was resolved with.
   *
   * @throws Error if it was rejected, or the value is another message
   */
  value<S extends DescMessage>(schema: S): MessageShape<S>;
}

/** What such a request says. */
export function completionOf(request: ResolveAwakeableRequest | RejectAwakeableRequest): AwakeableCompletion {
  const { id } = request;
  const reason = "reason" in request ? request.reason : undefined;
  return {
    id,
    reason,
    value(schema) {
      const result = "result" in request ? request.result : undefined;
      switch (result?.case) {
        case "bytesResult":
          return fromBinary(schema, result.value);
        case "jsonResult":
          return fromJson(schema, toJson(ValueSchema, result.value));
        default:
          throw new Error(`awakeable ${id} has no value: it was rejected with ${JSON.stringify(reason)}`);
      }
    },
  };
}
