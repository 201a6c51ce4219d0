import type { Code } from "@connectrpc/connect";
import type { DurationCounts } from "../../../model/duration-counts.ts";
import type { CancelMode } from "../../../model/invocation.ts";
import type { IdBytes } from "../ids/invocation-id.ts";

/*
 * The messages between main thread and store thread. Plain data, cheap to clone. Binary values own their memory:
 * a view would take the whole buffer behind it along.
 */

/** The outcome of an invocation as it is stored. Encoded and decoded by outcome-codec.ts. */
export interface StoredOutcome {
  /** 0: a reply. Otherwise the Connect code of the failure. */
  readonly code: Code | 0;
  readonly message: string | null;
  readonly body: Uint8Array | null;
  /** JSON: headers and trailers of a reply, details and metadata of a failure. Null if there are none. */
  readonly meta: string | null;
}

/** A stored outcome and the end of its retention, epoch ms. */
export interface CompletedOutcome {
  readonly outcome: StoredOutcome;
  readonly expires: number;
}

/** The completion of an awakeable as it is stored. */
export interface StoredCompletion {
  readonly kind: "binary" | "json" | "rejected";
  /** The value, or the reason in UTF-8. */
  readonly body: Uint8Array;
}

/** Takes an invocation in. */
export interface AcceptCommand {
  readonly op: "accept";
  readonly id: IdBytes;
  /** True if the id stands for an idempotency key, a workflow or a call of a handler: it may be known already. */
  readonly isDerived: boolean;
  /** True if a known id stands for the first request sent with it (retried attempts, workflows). */
  readonly acceptsAnyInput: boolean;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  /** True if it needs no lock on its key. */
  readonly isShared: boolean;
  /** JSON, or null if there are none. */
  readonly headers: string | null;
  readonly input: Uint8Array;
  /** Due time, epoch ms; null: now. */
  readonly due: number | null;
  readonly retentionMs: number | null;
  readonly invokedBy: IdBytes | null;
  /** True if the handler of `invokedBy` waits for it: it is cancelled and killed with that. */
  readonly isAwaited: boolean;
}

/** Completes an invocation with the outcome of its last attempt. */
export interface CompleteCommand {
  readonly op: "complete";
  readonly seq: number;
  readonly outcome: StoredOutcome;
}

/** Records a failed attempt and the time of the next one. */
export interface RetryCommand {
  readonly op: "retry";
  readonly seq: number;
  /** When the next attempt is due, epoch ms. */
  readonly due: number;
  readonly error: StoredOutcome;
}

/** Records that an attempt made room while it waited, and the things it waited for. */
export interface SuspendCommand {
  readonly op: "suspend";
  readonly seq: number;
  readonly invocations: readonly IdBytes[];
  /** The indexes of its awakeables. */
  readonly awakeables: readonly number[];
}

/** Cancels or kills an invocation. */
export interface TerminateCommand {
  readonly op: "terminate";
  readonly id: IdBytes;
  readonly mode: CancelMode;
}

/** Deletes a completed invocation. */
export interface PurgeCommand {
  readonly op: "purge";
  readonly id: IdBytes;
}

/** Writes what changes nothing, and is refused where an invocation would be. */
export interface ProbeCommand {
  readonly op: "probe";
}

export interface CompleteAwakeableCommand {
  readonly op: "complete-awakeable";
  readonly id: IdBytes;
  readonly index: number;
  readonly completion: StoredCompletion;
}

/** Commands that write. Their effect is durable once they are answered. */
export type WriteCommand =
  | AcceptCommand
  | CompleteCommand
  | RetryCommand
  | SuspendCommand
  | TerminateCommand
  | PurgeCommand
  | CompleteAwakeableCommand
  | ProbeCommand;

/** Lets a plain call of a KEYED or SINGLETON service wait for the lock of its key, among the durable invocations. */
export type LockCommand =
  | {
      readonly op: "acquire-lock";
      readonly ticket: number;
      readonly service: string;
      readonly key: string;
    }
  | { readonly op: "release-lock"; readonly ticket: number };

/** Commands that read. Answered after the writes that came before them. */
export type ReadCommand =
  | {
      readonly op: "load-outcome";
      readonly id: IdBytes;
      /** False: answer with the size if there is a response message. */
      readonly isReserved: boolean;
    }
  | { readonly op: "load-awakeable"; readonly seq: number; readonly index: number }
  | { readonly op: "get"; readonly id: IdBytes }
  | { readonly op: "inspect"; readonly id: IdBytes }
  | { readonly op: "statistics" }
  | { readonly op: "list"; readonly query: ListQuery }
  | { readonly op: "count" };

/** Lets the store thread hand out more attempts or bytes; fewer if negative. */
export interface CreditCommand {
  readonly op: "add-credit";
  readonly attempts: number;
  readonly bytes: number;
}

export type Command = WriteCommand | LockCommand | ReadCommand | CreditCommand;

/** An invocation with all that is stored of it besides its outcome. */
export interface Inspection {
  readonly record: InvocationRecord;
  /** JSON, or null if there are none. */
  readonly headers: string | null;
  readonly input: Uint8Array;
  /** The oldest first. Times are epoch ms. */
  readonly failedAttempts: readonly {
    readonly failed: number;
    readonly code: number;
    readonly message: string | null;
  }[];
  /** The live invocations that its handler has called. */
  readonly calls: readonly IdBytes[];
}

/** How full the store is. */
export interface StoreStatistics {
  /** Epoch ms; null: no invocation waits for its turn, or too many to look at. */
  readonly oldestPending: number | null;
  /** Null: no invocation waits behind a key, or too many do to look at. */
  readonly longestInbox: { readonly service: string; readonly key: string; readonly length: number } | null;
  /** False: too many wait behind keys to look at. */
  readonly hasLookedAtInboxes: boolean;
  readonly usedBytes: number;
  /** How long commits have taken that wrote something, flush included. */
  readonly commits: DurationCounts;
}

export interface ListQuery {
  readonly service: string | null;
  readonly method: string | null;
  readonly key: string | null;
  readonly states: readonly StoredState[] | null;
  /** Only invocations created at or before this moment, epoch ms. */
  readonly createdBefore: number | null;
  /** Only invocations created at or after this moment, epoch ms. */
  readonly createdAfter: number | null;
  /** Only invocations that the handler of this one made. */
  readonly invokedBy: IdBytes | null;
  readonly isOldestFirst: boolean;
  /** Only invocations behind this one in the order. */
  readonly behindSeq: number | null;
  readonly limit: number;
}

/**
 * The states of an invocation. Their order matters: from `ready` to `suspended` it holds the lock of its key, from
 * `succeeded` on it is completed. Running is `ready` with an attempt in flight.
 */
export const states = {
  scheduled: 0,
  inboxed: 1,
  ready: 2,
  backingOff: 3,
  suspended: 4,
  succeeded: 5,
  failed: 6,
} as const;
export type StoredState = (typeof states)[keyof typeof states];

/** A row for people: the source of `get` and `list`. */
export interface InvocationRecord {
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  readonly state: StoredState;
  /** True while an attempt is in flight. */
  readonly isRunning: boolean;
  readonly attempts: number;
  readonly due: number | null;
  readonly created: number;
  readonly modified: number;
  readonly expires: number | null;
  readonly code: number | null;
  readonly message: string | null;
  readonly invokedBy: IdBytes | null;
}

/** The number of invocations of a service in a state. */
export interface StateCount {
  readonly service: string;
  readonly state: StoredState;
  readonly count: number;
}

export type StoreResponse =
  | { readonly kind: "done" }
  | {
      readonly kind: "accepted";
      readonly isDuplicate: boolean;
      /** True for a duplicate of a completed invocation: its outcome can be loaded. */
      readonly isCompleted: boolean;
      /** The time at which a delayed invocation is, or was, to run; of a duplicate: that of the first one. Epoch ms. */
      readonly executeAt: number | null;
    }
  /** The size of the response message, bytes. */
  | { readonly kind: "outcome-size"; readonly bytes: number }
  /** Null while the invocation is not completed. */
  | { readonly kind: "outcome"; readonly completed: CompletedOutcome | null }
  /** Null if it is not completed, or no longer stored. */
  | { readonly kind: "awakeable"; readonly completion: StoredCompletion | null }
  /** The end of the outcome's retention; null if the invocation was completed before. */
  | { readonly kind: "completed"; readonly expires: number | null }
  | { readonly kind: "record"; readonly record: InvocationRecord }
  | { readonly kind: "inspection"; readonly inspection: Inspection }
  | { readonly kind: "statistics"; readonly statistics: StoreStatistics }
  | {
      readonly kind: "page";
      readonly records: readonly InvocationRecord[];
      /** The end of the page; null if there is none behind it. */
      readonly nextBehindSeq: number | null;
      /** True if the page ends because its text is long: it is not to be filled up. */
      readonly isCut: boolean;
    }
  | {
      readonly kind: "counts";
      readonly counts: readonly StateCount[];
      /** The attempts in flight, by service. */
      readonly running: ReadonlyMap<string, number>;
    }
  | { readonly kind: "refused"; readonly reason: Refusal; readonly message: string };

/** Why a command was refused. The main thread turns it into a `ConnectError`. */
export type Refusal =
  | "unknown-id"
  | "other-input"
  | "not-completed"
  | "store-full"
  | "too-many-awakeables"
  | "deadlock"
  | "caller-terminated";

/** Runs one attempt. */
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
  /** The indexes of its awakeables that are completed: their values are loaded when the handler asks. */
  readonly completedAwakeables: readonly number[];
}

/** Ends the attempt in flight. */
export interface AbortEffect {
  readonly kind: "abort";
  readonly seq: number;
  readonly mode: CancelMode;
}

/** Instructions for the main thread once the batch is on disk. */
export type Effect =
  | RunEffect
  | AbortEffect
  | { readonly kind: "lock-granted"; readonly ticket: number }
  | { readonly kind: "awakeable-completed"; readonly seq: number; readonly index: number }
  | { readonly kind: "completed"; readonly id: IdBytes; readonly completed: CompletedOutcome };

export type FromStore =
  /** The secret by which ids are derived. */
  | { readonly kind: "opened"; readonly idSecret: Uint8Array }
  | { readonly kind: "open-failed"; readonly message: string }
  /** Responses to the oldest unanswered commands, in order, and the effects of the batch. */
  | {
      readonly kind: "batch";
      readonly responses: readonly StoreResponse[];
      readonly effects: readonly Effect[];
    }
  /** The store can no longer keep its promise. */
  | { readonly kind: "fatal"; readonly message: string }
  | { readonly kind: "closed" };

export type ToStore =
  /** Hands out the work that an earlier process left. */
  | { readonly kind: "start" }
  | { readonly kind: "commands"; readonly commands: readonly Command[] }
  /** Hands out no further attempt. */
  | { readonly kind: "drain" }
  | { readonly kind: "close" };

/** The options of the store thread. */
export interface StoreOptions {
  /** The data directory. */
  readonly path: string;
  readonly retentionMs: number;
  readonly maxStoreBytes: number;
  /** Attempts in flight whose handlers do not wait. */
  readonly maxRunning: number;
  /** The same in bytes of their requests: one of any size, more only within this. */
  readonly maxRunningBytes: number;
  /** Completed awakeables of one invocation. */
  readonly maxAwakeables: number;
  /** The same in bytes of their values. */
  readonly maxAwakeableBytes: number;
  /** FULL, except in the test that shows the losses of NORMAL. */
  readonly synchronous: "FULL" | "NORMAL";
}

/** The payload of a command, bytes: its weight in memory and in a batch. */
export function payloadBytes(command: Command): number {
  switch (command.op) {
    case "accept":
      return command.input.length;
    case "complete":
      return command.outcome.body?.length ?? 0;
    case "complete-awakeable":
      return command.completion.body.length;
    default:
      return 0;
  }
}
