import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { IdBytes } from "../../ids/invocation-id.ts";
import type { InvocationRecord, StoredState } from "../protocol.ts";

/** What the state machine wants to know of an invocation. */
export interface StatusRow {
  readonly seq: number;
  readonly id: IdBytes;
  readonly service: string;
  /** The key whose turn it needs; null when it needs none. */
  readonly lane: string | null;
  readonly state: StoredState;
  readonly position: number | null;
  readonly canceled: number;
  /** ms; null: the engine's. */
  readonly retention: number | null;
  readonly modified: number;
  readonly expires: number | null;
  /** When a delayed one was to run, from its acceptance to its end. */
  readonly executeAt: number | null;
  readonly invokedBy: IdBytes | null;
  /** 1: a handler has called it. */
  readonly awaited: number;
}

/** What an attempt needs. */
export interface RunRow {
  readonly seq: number;
  readonly turn: number | null;
  readonly position: number | null;
  readonly id: IdBytes;
  readonly service: string;
  readonly method: string;
  readonly key: string | null;
  /** The key whose turn it needs; null when it needs none. */
  readonly lane: string | null;
  readonly state: StoredState;
  readonly attempts: number;
  readonly canceled: number;
  readonly retention: number | null;
  readonly headers: string | null;
  readonly input: Uint8Array;
}

export type RecordRow = Omit<InvocationRecord, "running">;

/** The first row of a query. The tables are STRICT, so that a row is what its query and the schema say. */
export function first<T>(statement: StatementSync, ...parameters: SQLInputValue[]): T | undefined {
  return statement.get(...parameters) as T | undefined;
}

/** All rows of a query; typed like {@link first}. */
export function rows<T>(statement: StatementSync, ...parameters: SQLInputValue[]): readonly T[] {
  return statement.all(...parameters) as unknown as readonly T[];
}
