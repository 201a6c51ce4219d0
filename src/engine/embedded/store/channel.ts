import type { FromStore, StoreOptions, ToStore } from "./protocol.ts";

/** The way to a store: in a thread of its own, or in this one. */
export interface StoreChannel {
  post(message: ToStore): void;
  /** Ends what the store ran in. The store is closed already, or has failed. */
  end(): Promise<void>;
}

/** Opens a store, whose messages go to `receive`: `opened` or `open-failed` first. */
export type OpenChannel = (options: StoreOptions, receive: (message: FromStore) => void) => StoreChannel;
