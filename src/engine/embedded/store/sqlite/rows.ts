import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { IdBytes } from "../../ids/invocation-id.ts";
import type { InvocationRecord, StoredState } from "../protocol.ts";

/** An invocation as the state machine needs it. */
export interface StatusRow {
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  /** The key whose lock it needs; null if it needs none. */
  readonly lockKey: string | null;
  readonly state: StoredState;
  /** Its position in the inbox of its key. */
  readonly position: number | null;
  readonly canceled: number;
  /** ms; null: the engine's. */
  readonly retention: number | null;
  readonly modified: number;
  readonly expires: number | null;
  /** When a delayed one was to run, from its acceptance to its end. */
  readonly executeAt: number | null;
  readonly invokedBy: IdBytes | null;
  /** 1: a handler waits for it. */
  readonly awaited: number;
}

/** An invocation as an attempt needs it. */
export interface RunRow {
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  /** The key whose lock it needs; null if it needs none. */
  readonly lockKey: string | null;
  readonly state: StoredState;
  readonly attempts: number;
  readonly canceled: number;
  readonly retention: number | null;
  readonly headers: string | null;
  /** Null if it is large: then it is loaded when it is handed out. */
  readonly input: Uint8Array | null;
  /** The size of input and headers. */
  readonly bytes: number;
}

/** All columns of `invocation` that an insert sets. */
export type NewInvocation = {
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  readonly state: StoredState;
  readonly rank: number | null;
  readonly position: number | null;
  readonly due: number | null;
  readonly dueIn: number | null;
  readonly retention: number | null;
  readonly created: number;
  readonly invokedBy: IdBytes | null;
  readonly shared: number;
  readonly executeAt: number | null;
  readonly awaited: number;
};

export type RecordRow = Omit<InvocationRecord, "isRunning">;

/** Named parameters of a statement. */
export type Parameters = Readonly<Record<string, SQLInputValue>>;

/** The first row of a query. The tables are STRICT: a row is what its query and the schema say. */
export function first<T>(statement: StatementSync, parameters: Parameters = {}): T | undefined {
  return statement.get(parameters) as T | undefined;
}

/** All rows of a query; typed like {@link first}. */
export function rows<T>(statement: StatementSync, parameters: Parameters = {}): readonly T[] {
  return statement.all(parameters) as unknown as readonly T[];
}
