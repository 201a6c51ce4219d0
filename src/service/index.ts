export type { Awakeable, Context } from "../model/context.ts";
export { remote } from "./remote.ts";
export { type HandlerResult, type Handlers, type RemoteOptions, type Service, service } from "./service.ts";
