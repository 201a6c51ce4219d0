/**
 * Writes an error's message as `grpc-message` carries it: UTF-8, where only `%`, what is not printable ASCII
 * and spaces at either end are percent-encoded. More than that does harm: `@grpc/grpc-js` decodes no `%3A`.
 */
export function encodeGrpcMessage(message: string): string {
  return message.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]+|^ +| +$/g, encodeURIComponent);
}
