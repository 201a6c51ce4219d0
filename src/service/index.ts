export type { Awakeable, Context } from "./context.ts";
export { type RemoteOptions, remote } from "./remote.ts";
export { type HandlerResult, type Handlers, type Service, service } from "./service.ts";
