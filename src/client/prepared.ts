import type { Message } from "@bufbuild/protobuf";

/** A request as it goes out. */
export interface Prepared {
  readonly message: Message;
  /** The object key, if it is sent in a header. */
  readonly key?: string;
}
