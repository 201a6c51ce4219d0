export type { Awakeable, Context } from "./context.ts";
export { type HandlerResult, type Handlers, type Service, service } from "./service.ts";
