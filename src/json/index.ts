/**
 * The runtime of generated JSON clients, for pages: `fetch` and JSON, without Protobuf.
 *
 * @module
 */

export { createJsonClient, type JsonMethod, type JsonService } from "./client.ts";
export { JsonCallError, type JsonErrorCode, type JsonErrorDetail } from "./error.ts";
export { type JsonInvocation, jsonInvocation } from "./invocation.ts";
export type {
  JsonCallOptions,
  JsonClientOptions,
  JsonSendOptions,
  JsonSubmitOptions,
} from "./options.ts";
