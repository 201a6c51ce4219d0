import type { IngressApi } from "../../restate-api/ingress-api.ts";
import type { Encoding, ExchangeRequest } from "./call.ts";

/** The arguments of a built-in, in addition to its request message. */
export interface BuiltinContext {
  readonly ingress: IngressApi;
  readonly request: ExchangeRequest;
  readonly encoding: Encoding;
}
