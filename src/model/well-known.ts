import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";

// By name and number: the module of the well-known types is a tenth of a small page.

/** True for `google.protobuf.Empty`. */
export function isEmpty({ typeName }: DescMessage): boolean {
  return typeName === "google.protobuf.Empty";
}

const noSideEffects: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS = 1;

/** True for a method with `option idempotency_level = NO_SIDE_EFFECTS`. */
export function hasNoSideEffects({ idempotency }: DescMethod): boolean {
  return idempotency === noSideEffects;
}
