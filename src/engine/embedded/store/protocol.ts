import type { Code } from "@connectrpc/connect";
import type { CancelMode } from "../../../model/invocation.ts";
import type { IdBytes } from "../ids/invocation-id.ts";

/*
 * What main thread and store thread say to each other. Plain data, cheap to clone. Binary values own
 * their memory: a view would take the whole buffer behind it along.
 */

/** How an invocation ended, as it is stored. Made and read by outcome-codec.ts. */
export interface StoredOutcome {
  /** 0: a reply. Else the Connect code of the failure. */
  readonly code: Code | 0;
  readonly message: string | null;
  readonly body: Uint8Array | null;
  /** JSON: headers and trailers of a reply, details and metadata of a failure. Null when there are none. */
  readonly meta: string | null;
}

/** What an awakeable was completed with. */
export interface StoredCompletion {
  readonly kind: "binary" | "json" | "rejected";
  /** The value, or the reason in UTF-8. */
  readonly body: Uint8Array;
}

export interface AcceptCommand {
  readonly op: "accept";
  readonly id: IdBytes;
  /** True when the id stands for an idempotency key, so that it may have been used. */
  readonly derived: boolean;
  /** True when a used idempotency key stands for the first request sent with it (retried attempts, workflows). */
  readonly anyInput: boolean;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  /** True if it runs concurrently with the others of its key. */
  readonly shared: boolean;
  /** JSON, or null when there are none. */
  readonly headers: string | null;
  readonly input: Uint8Array;
  /** Due time, epoch ms; null: now. */
  readonly due: number | null;
  readonly retentionMs: number | null;
  readonly invokedBy: IdBytes | null;
  /** True when the handler of `invokedBy` waits for it: it ends with that. */
  readonly awaited: boolean;
}

/** Commands that write. Their effect is durable once they are answered. */
export type WriteCommand =
  | AcceptCommand
  | { readonly op: "complete"; readonly seq: number; readonly outcome: StoredOutcome }
  | {
      readonly op: "retry";
      readonly seq: number;
      /** When the next attempt is due, epoch ms. */
      readonly due: number;
      readonly error: StoredOutcome;
    }
  | {
      /** The attempt waits, and made room for others. */
      readonly op: "suspend";
      readonly seq: number;
      /** The invocations whose outcomes it waits for, and the positions of its awakeables. */
      readonly invocations: readonly IdBytes[];
      readonly awakeables: readonly number[];
    }
  | { readonly op: "end"; readonly id: IdBytes; readonly mode: CancelMode }
  | { readonly op: "purge"; readonly id: IdBytes }
  | {
      readonly op: "awaken";
      readonly id: IdBytes;
      readonly position: number;
      readonly completion: StoredCompletion;
    };

/** A plain call of a KEYED or SINGLETON service takes its turn among the durable invocations of its key. */
export type TurnCommand =
  | { readonly op: "enqueue"; readonly ticket: number; readonly service: string; readonly key: string }
  | { readonly op: "leave"; readonly ticket: number };

export type ReadCommand =
  | {
      readonly op: "outcome";
      readonly id: IdBytes;
      /** False: answer with the size if there is a response message. */
      readonly isReserved: boolean;
    }
  | { readonly op: "get"; readonly id: IdBytes }
  | { readonly op: "list"; readonly query: ListQuery }
  | { readonly op: "count" };

/** Allows the store thread to hand out more attempts, or fewer when negative. */
export interface CreditCommand {
  readonly op: "credit";
  readonly change: number;
}

export type Command = WriteCommand | TurnCommand | ReadCommand | CreditCommand;

export interface ListQuery {
  readonly service: string | null;
  readonly method: string | null;
  readonly key: string | null;
  readonly states: readonly StoredState[] | null;
  /** Only invocations created at or before this moment, epoch ms. */
  readonly createdBefore: number | null;
  /** Only invocations accepted before this one. */
  readonly beforeSeq: number | null;
  readonly limit: number;
}

/**
 * Where an invocation stands. `ready` is the engine's pending or running; `suspended` its pending: begun,
 * and put off until what it waits for is there.
 */
export const states = {
  scheduled: 0,
  queued: 1,
  ready: 2,
  backingOff: 3,
  succeeded: 4,
  failed: 5,
  suspended: 6,
} as const;
export type StoredState = (typeof states)[keyof typeof states];

/** A row for people: what `get` and `list` tell. */
export interface InvocationRecord {
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  readonly state: StoredState;
  /** True while an attempt is out. */
  readonly running: boolean;
  readonly attempts: number;
  readonly due: number | null;
  readonly created: number;
  readonly modified: number;
  readonly expires: number | null;
  readonly code: number | null;
  readonly message: string | null;
  readonly invokedBy: IdBytes | null;
}

export type Answer =
  /** Also for commands that have nothing to tell. */
  | { readonly kind: "done" }
  | {
      readonly kind: "accepted";
      readonly duplicate: boolean;
      /** True for a duplicate that has ended: its outcome is there to be loaded. */
      readonly hasEnded: boolean;
      /** When a delayed one is, or was, to run; of a duplicate: the first one's time. Epoch ms. */
      readonly executeAt: number | null;
    }
  /** How large the response message is, bytes. */
  | { readonly kind: "outcome-size"; readonly bytes: number }
  /** Null while the invocation has not ended. */
  | { readonly kind: "outcome"; readonly ended: EndedOutcome | null }
  /** Until when the outcome is kept; null when the invocation had ended before. */
  | { readonly kind: "completed"; readonly expires: number | null }
  | { readonly kind: "record"; readonly record: InvocationRecord }
  | {
      readonly kind: "page";
      readonly records: readonly InvocationRecord[];
      /** Where the next page begins; null: there is none. */
      readonly nextBeforeSeq: number | null;
    }
  | {
      readonly kind: "counts";
      readonly counts: readonly {
        readonly service: string;
        readonly state: StoredState;
        readonly n: number;
      }[];
      /** How many attempts are out, by service. */
      readonly running: ReadonlyMap<string, number>;
    }
  | { readonly kind: "refused"; readonly reason: Refusal; readonly message: string };

/** Why a command was refused; the main thread makes the `ConnectError`. */
export type Refusal = "unknown-id" | "other-input" | "not-ended" | "store-full" | "caller-stopped";

export interface EndedOutcome {
  readonly outcome: StoredOutcome;
  readonly expires: number;
}

/** One attempt to run. */
export interface RunEffect {
  readonly kind: "run";
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  readonly headers: string | null;
  readonly input: Uint8Array;
  /** Attempts that failed before this one. */
  readonly attempts: number;
  /** Awakeables of the invocation that are completed already. */
  readonly awakeables: readonly { readonly position: number; readonly completion: StoredCompletion }[];
}

/** What the main thread must do now that the batch is on disk. */
export type Effect =
  | RunEffect
  | { readonly kind: "turn"; readonly ticket: number }
  | { readonly kind: "abort"; readonly seq: number; readonly mode: "cancel" | "kill" }
  | {
      readonly kind: "awaken";
      readonly seq: number;
      readonly position: number;
      readonly completion: StoredCompletion;
    }
  | { readonly kind: "ended"; readonly id: IdBytes; readonly ended: EndedOutcome };

export type FromStore =
  | { readonly kind: "opened" }
  | { readonly kind: "not-opened"; readonly message: string }
  /** Answers to the oldest unanswered commands, in order, and what follows from them. */
  | { readonly kind: "batch"; readonly answers: readonly Answer[]; readonly effects: readonly Effect[] }
  /** The store cannot keep its promise any more: the process must end. */
  | { readonly kind: "fatal"; readonly message: string }
  | { readonly kind: "closed" };

export type ToStore =
  /** Hand out what a former process left. */
  | { readonly kind: "start" }
  | { readonly kind: "commands"; readonly commands: readonly Command[] }
  /** From here on no attempt is handed out. */
  | { readonly kind: "drain" }
  | { readonly kind: "close" };

/** What the store thread is started with. */
export interface StoreOptions {
  /** The data directory. */
  readonly path: string;
  readonly retentionMs: number;
  readonly maxStoreBytes: number;
  /** Attempts that may be out at once. */
  readonly credit: number;
  /** Always FULL but in the test that shows what NORMAL loses. */
  readonly synchronous: "FULL" | "NORMAL";
}
