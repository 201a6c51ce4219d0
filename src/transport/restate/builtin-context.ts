import type { IngressApi } from "../../restate-api/ingress-api.ts";
import type { Encoding, ExchangeRequest } from "./call.ts";

/** What a built-in gets beside its request message. */
export interface BuiltinContext {
  readonly ingress: IngressApi;
  readonly request: ExchangeRequest;
  readonly encoding: Encoding;
}
