/**
 * Writes an error's message as `grpc-message` carries it: UTF-8, where only `%`, what is not printable ASCII
 * and spaces at either end are percent-encoded. More than that does harm: `@grpc/grpc-js` decodes no `%3A`.
 */
export function encodeGrpcMessage(message: string): string {
  return message.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]+|^ +| +$/g, encodeURIComponent);
}

/**
 * Reads a `grpc-message`. Servers differ: some encode everything but the percent sign, as Restate 0.x does, some
 * encode nothing (`90% full`), and some write UTF-8 as it is, which arrives with one character for each byte. Valid escapes
 * are decoded, run by run, and everything else stays as it is.
 */
export function decodeGrpcMessage(value: string): string {
  return value.replace(/(?:%[0-9a-f]{2}|[\x80-\xff])+/gi, (run) => {
    try {
      return decodeURIComponent(run.replace(/[\x80-\xff]/g, percentEncode));
    } catch {
      return run;
    }
  });
}

function percentEncode(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16)}`;
}
