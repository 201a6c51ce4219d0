import type { HeaderList } from "../../model/outcome.ts";
import { isResponseMetadata } from "../../wire/protocol-headers.ts";

/** What a block of headers or trailers may take, bytes. The HTTP/2 of Node sends none above 64 KiB: it resets the stream. */
const maxBlockBytes = 60 * 1024;

/** What each field takes besides its name and value, bytes (RFC 7541, 4.1). */
const fieldBytes = 32;

/** A message keeps this much, bytes, however large the metadata is. */
const minMessageBytes = 1_024;

/** Headers that can be sent, and what was left out of them. */
export interface FittingHeaders {
  readonly headers: HeaderList;
  /** What was cut or dropped, by name. */
  readonly cut: readonly string[];
}

/**
 * Makes a block of headers or trailers small enough to arrive: the details of a gRPC status are dropped first, then its
 * message is cut, then metadata are dropped, the last ones first. The code always stays.
 */
export function fitHeaders(headers: HeaderList): FittingHeaders {
  if (doHeadersFit(headers)) {
    return { headers, cut: [] };
  }
  const cut: string[] = [];
  const steps = [dropDetails, cutMessage, dropMetadata];
  let fitting = headers;
  for (const step of steps) {
    if (sizeOf(fitting) > maxBlockBytes) {
      fitting = step(fitting, cut);
    }
  }
  return { headers: fitting, cut };
}

/** Whether a block of headers or trailers arrives as it is. */
export function doHeadersFit(headers: HeaderList): boolean {
  return sizeOf(headers) <= maxBlockBytes;
}

function dropDetails(headers: HeaderList, cut: string[]): HeaderList {
  return headers.filter(([name]) => name !== "grpc-status-details-bin" || cut.push(name) === 0);
}

function cutMessage(headers: HeaderList, cut: string[]): HeaderList {
  const excess = sizeOf(headers) - maxBlockBytes;
  return headers.map(([name, value]) => {
    const room = Math.max(minMessageBytes, value.length - excess);
    if (name !== "grpc-message" || value.length <= room) {
      return [name, value];
    }
    cut.push(name);
    return [name, cutEncoded(value, room)];
  });
}

/** Cuts percent-encoded UTF-8 without leaving a part of a character. */
function cutEncoded(value: string, length: number): string {
  let text = value.slice(0, length).replace(/%.?$/, "");
  // At most three bytes of a character that was cut.
  for (let i = 0; i < 3 && !isWellFormed(text); i += 1) {
    text = text.replace(/%..$/, "");
  }
  return text;
}

function isWellFormed(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}

/** Keeps what belongs to the protocol, and of the metadata what has room, in order. */
function dropMetadata(headers: HeaderList, cut: string[]): HeaderList {
  let room = maxBlockBytes - sizeOf(headers.filter(([name]) => !isResponseMetadata(name)));
  return headers.filter((field) => {
    const [name] = field;
    if (!isResponseMetadata(name)) {
      return true;
    }
    const size = sizeOf([field]);
    if (size > room) {
      cut.push(name);
      return false;
    }
    room -= size;
    return true;
  });
}

function sizeOf(headers: HeaderList): number {
  let size = 0;
  for (const [name, value] of headers) {
    size += name.length + value.length + fieldBytes;
  }
  return size;
}
