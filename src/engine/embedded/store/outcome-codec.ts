import type { Code } from "@connectrpc/connect";
import type { AwakeableValue } from "../../../model/invocation.ts";
import type { Failure, HeaderList, Outcome } from "../../../model/outcome.ts";
import type { StoredCompletion, StoredOutcome } from "./protocol.ts";

/** The JSON next to a reply or a failure. Members that would be empty are left out. */
interface Meta {
  readonly headers?: HeaderList;
  readonly trailers?: HeaderList;
  readonly metadata?: HeaderList;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

/** An outcome as it is stored. */
export function encodeOutcome(outcome: Outcome): StoredOutcome {
  if (outcome.ok) {
    const { output, headers, trailers } = outcome;
    return { code: 0, message: null, body: ownBytes(output), meta: encodeMeta({ headers, trailers }) };
  }
  const { code, message, metadata, details } = outcome.failure;
  const encoded = details.map(({ type, value }) => ({ type, value: Buffer.from(value).toString("base64") }));
  return { code, message, body: null, meta: encodeMeta({ metadata, details: encoded }) };
}

/** The outcome that {@link encodeOutcome} was given. */
export function decodeOutcome({ code, message, body, meta }: StoredOutcome): Outcome {
  // Only encodeMeta writes this column.
  const {
    headers = [],
    trailers = [],
    metadata = [],
    details = [],
  } = meta === null ? {} : (JSON.parse(meta) as Meta);
  if (code === 0) {
    return { ok: true, output: body ?? new Uint8Array(), headers, trailers };
  }
  const decoded = details.map(({ type, value }) => ({
    type,
    value: new Uint8Array(Buffer.from(value, "base64")),
  }));
  return { ok: false, failure: { code, message: message ?? "", details: decoded, metadata } };
}

/** A failure without details and metadata. */
export function plainFailure(code: Code, message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message, details: [], metadata: [] } };
}

/** Headers as they are stored: JSON, or null when there are none. */
export function encodeHeaders(headers: HeaderList): string | null {
  return headers.length === 0 ? null : JSON.stringify(headers);
}

/** The headers that {@link encodeHeaders} was given. */
export function decodeHeaders(text: string | null): HeaderList {
  return text === null ? [] : (JSON.parse(text) as HeaderList);
}

/** An awakeable's value as it is stored. */
export function encodeValue({ format, bytes }: AwakeableValue): StoredCompletion {
  return { kind: format, body: ownBytes(bytes) };
}

/** A rejection as it is stored. */
export function encodeRejection(reason: string): StoredCompletion {
  return { kind: "rejected", body: new TextEncoder().encode(reason) };
}

/** A copy where the bytes are part of a larger buffer: to clone a view is to clone all of its buffer. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

function encodeMeta(meta: Meta): string | null {
  const present = Object.entries(meta).filter(([, list]) => list.length > 0);
  return present.length === 0 ? null : JSON.stringify(Object.fromEntries(present));
}
