import type { Message } from "@bufbuild/protobuf";

/** A request as it goes out. */
export interface Prepared {
  readonly message: Message;
  /** The object key, where it travels beside the message. */
  readonly key?: string;
}
