export { createJsonClient, type JsonMethod, type JsonService } from "./client.ts";
export { JsonCallError, type JsonErrorCode, type JsonErrorDetail } from "./error.ts";
export type {
  JsonCallOptions,
  JsonClientOptions,
  JsonInvocation,
  JsonSendOptions,
  JsonSubmitOptions,
} from "./options.ts";
