import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

/** The fields of a request without its KEY field: what is left to say once `.key(k)` has named the object. */
export type Keyless<S extends DescMessage, KeyField extends string> = DistributiveOmit<
  MessageInitShape<S>,
  KeyField
>;

/** `Omit` for each member of a union: a message, or the plain object that makes one. */
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;
