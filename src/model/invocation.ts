import type { Code } from "@connectrpc/connect";
import type { HeaderList } from "./outcome.ts";
import type { Target } from "./target.ts";

/** What makes repetitions of a call or send one invocation. */
export interface Idempotency {
  /** Scoped to service, method and object key, and to `scope`. */
  readonly key: string;
  /** Whose key it is, such as a tenant: the same key in another scope is another key. Default: one scope for all. */
  readonly scope?: string | undefined;
  /** How long the outcome is kept after completion, ms. Default: the engine's. */
  readonly retentionMs?: number | undefined;
}

/** How to end an invocation. */
export type CancelMode =
  /** A running handler sees its signal abort, and the invocation fails with `canceled`; a waiting one never runs. */
  | "cancel"
  /** Fails with `aborted` at once, without waiting for the handler. */
  | "kill";

/** What a handler of the ingress resolved an awakeable with. */
export interface AwakeableValue {
  /** `json`: UTF-8 JSON text. */
  readonly format: "binary" | "json";
  /** The value, in that format. */
  readonly bytes: Uint8Array;
}

/** Where an invocation stands. `pending`: it waits for its turn. `backing-off`: for its next attempt. */
export type InvocationStateName =
  | "scheduled"
  | "pending"
  | "running"
  | "backing-off"
  | "succeeded"
  | "failed";

/** What is known of an invocation. */
export interface InvocationInfo {
  /** Its id. */
  readonly id: string;
  /** What it invokes. */
  readonly target: Target;
  /** Current state. */
  readonly state: InvocationStateName;
  /** Attempts started so far. */
  readonly attempts: number;
  /** When it was accepted. */
  readonly createdAt: Date;
  /** When its state last changed. */
  readonly modifiedAt: Date;
  /** Due time, while scheduled or backing off. */
  readonly nextAttemptAt?: Date | undefined;
  /** When it ended. */
  readonly completedAt?: Date | undefined;
  /** Until when its outcome is kept, once it has ended. */
  readonly expiresAt?: Date | undefined;
  /** How the last attempt failed, or the invocation itself. */
  readonly lastFailure?: { readonly code: Code; readonly message: string } | undefined;
  /** The invocation whose handler made it. */
  readonly invokedBy?: string | undefined;
}

/** Everything that an engine knows of an invocation besides its outcome. */
export interface InvocationDetails {
  /** State, times and target. */
  readonly info: InvocationInfo;
  /** The request message as the handler gets it. Undefined: the engine does not know it. */
  readonly input: Uint8Array | undefined;
  /** The headers of the request. Undefined: the engine does not know them. */
  readonly headers: HeaderList | undefined;
  /** The attempts that failed, the oldest first; the last 20. Undefined: the engine does not know them. */
  readonly failedAttempts: readonly FailedAttempt[] | undefined;
  /** Ids of the awakeables that the handler waits for. Undefined: the engine does not know them. */
  readonly awakeables: readonly string[] | undefined;
  /** Ids of the invocations that the handler waits for. Undefined: the engine does not know them. */
  readonly waitsFor: readonly string[] | undefined;
}

/** A failed attempt that was or will be repeated. */
export interface FailedAttempt {
  /** Time of the failure. */
  readonly failedAt: Date;
  /** Connect code of the error. */
  readonly code: Code;
  /** Message of the error. */
  readonly message: string;
}
