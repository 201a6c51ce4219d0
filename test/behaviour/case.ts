import type { Transport } from "@connectrpc/connect";
import type { EngineName } from "./engines.ts";
import type { Notes } from "./notes.ts";

/** What a case works with. */
export interface Bench {
  /** To the ingress, or the server, in the protocol of the run. */
  readonly transport: Transport;
  /** To the admin port of the ingress. */
  readonly admin: Transport;
  readonly notes: Notes;
  /** A name that no other case and run uses. */
  readonly unique: string;
}

/** An ingress on an engine, a client that talks to a Restate server without one, or a test environment. */
export type Way = EngineName | "direct" | "environment";

/** One thing that holds every way, but for those that say why not. */
export interface Case {
  readonly name: string;
  run(bench: Bench): Promise<void>;
  /** Where the case cannot hold, and why. */
  readonly notOn?: Partial<Record<Way, string>>;
}

/** A behaviour of an ingress over HTTP, for every protocol. */
export interface HttpCase {
  readonly name: string;
  run(ingressUrl: string): Promise<void>;
}

/** The name that makes the greeter sleep for longer than any case lasts. */
export const sleeps = (unique: string): string => `sleep 600000 ${unique}`;
