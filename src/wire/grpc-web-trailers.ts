import { encodeGrpcMessage } from "./grpc-message.ts";

/**
 * Writes trailers as the last frame of a gRPC-web body has them: lines as in HTTP/1.1, which has a byte for each
 * character of a header.
 */
export function encodeTrailers(trailers: Iterable<readonly [name: string, value: string]>): Uint8Array {
  const text = Array.from(trailers, ([name, value]) => `${name}: ${value}\r\n`).join("");
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/**
 * Reads the trailers at the end of a gRPC-web body. Servers write values beyond ASCII as Latin-1, as HTTP does, or
 * as UTF-8, and end lines with CRLF, or with LF alone. A line that is not a header is left out: it must not cost
 * the status.
 */
export function decodeTrailers(data: Uint8Array): Headers {
  const trailers = new Headers();
  for (const line of lines(data)) {
    const text = headerText(line);
    const colon = text.indexOf(":");
    const name = text.slice(0, colon).trim().toLowerCase();
    try {
      trailers.append(name, text.slice(colon + 1));
    } catch {
      // It is not a header.
    }
  }
  return trailers;
}

const decoder = new TextDecoder();

/** Whether trailers say `grpc-status: 0`, and nothing else of a status. Makes no `Headers`. */
export function areTrailersOk(data: Uint8Array): boolean {
  const [status, ...others] = decoder.decode(data).match(/^grpc-status[^:]*:.*$/gim) ?? [];
  return status !== undefined && others.length === 0 && /^grpc-status:[ \t]*0[ \t]*$/i.test(status);
}

function* lines(data: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < data.byteLength; ) {
    const lineFeed = data.indexOf(0x0a, start);
    const end = lineFeed === -1 ? data.byteLength : lineFeed;
    yield data.subarray(start, data[end - 1] === 0x0d ? end - 1 : end);
    start = end + 1;
  }
}

/** The text of a line. A header can hold UTF-8 only if Latin-1 has all its characters; a message is encoded. */
function headerText(line: Uint8Array): string {
  const utf8 = decoder.decode(line);
  if (/^grpc-message\s*:/i.test(utf8) && !utf8.includes("\ufffd")) {
    return utf8.replace(/[^\x20-\x7e]+/g, encodeGrpcMessage);
  }
  return /^[\0-\xff]*$/.test(utf8) ? utf8 : String.fromCharCode(...line);
}
