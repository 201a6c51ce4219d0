import type { Transport } from "@connectrpc/connect";
import type { Attempt } from "../engine/engine.ts";

export declare function attemptTransport(attempt: Attempt): Transport;
